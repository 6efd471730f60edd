using System.IO.Hashing;
using System.Security.Cryptography;

namespace Pharos.Collection.Hashing;

/// <summary>Hashes that stand for the texts of series, under a key that nobody outside knows: no two texts can be made that are taken for
/// one.</summary>
/// <remarks>112 bits of hash, and above them how many bytes the text has, as far as 16 bits tell it. Thread-safe.</remarks>
public sealed class TextHasher
{
    private const int LengthShift = 48;

    private readonly long _key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>The length of a hashed text; <see cref="ushort.MaxValue"/> for longer ones.</summary>
    public static int LengthOf(UInt128 hash) => (int)((ulong)(hash >> 64) >> LengthShift);

    public UInt128 HashOf(ReadOnlySpan<byte> text)
    {
        var hash = XxHash128.HashToUInt128(text, _key);
        var length = (ulong)Math.Min(text.Length, ushort.MaxValue) << LengthShift;
        return new UInt128(((ulong)(hash >> 64) & ~(~0UL << LengthShift)) | length, (ulong)hash);
    }
}
