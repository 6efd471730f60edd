using System.IO.Hashing;
using System.Security.Cryptography;

namespace Pharos.Collection.Hashing;

/// <summary>Hashes that stand for the texts of series, under a key that nobody outside knows: no two texts can be made that are taken for
/// one.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class TextHasher
{
    /// <summary>Null where the processor has no AES rounds.</summary>
    private readonly AesTextHash? _aes = AesTextHash.IsSupported ? new AesTextHash(RandomNumberGenerator.GetBytes(AesTextHash.KeyBytes)) : null;

    private readonly long _key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public TextHash HashOf(ReadOnlySpan<byte> text) => (_aes is null ? Portable(text) : _aes.HashOf(text)).WithLength(text.Length);

    private TextHash Portable(ReadOnlySpan<byte> text)
    {
        var hash = XxHash128.HashToUInt128(text, _key);
        return new TextHash((ulong)(hash >> 64), (ulong)hash);
    }
}
