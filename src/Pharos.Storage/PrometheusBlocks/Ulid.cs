using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>The names of blocks: 48 bits of time and 80 random ones in Crockford's base 32 (github.com/ulid/spec).</summary>
internal static class Ulid
{
    public const int Length = 26;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        RandomNumberGenerator.Fill(bytes[6..]);
        var number = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(Length, number, static (text, rest) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(rest & 31)];
                rest >>= 5;
            }
        });
    }

    public static bool IsValid(ReadOnlySpan<char> text) => text.Length == Length && text[0] <= '7' && !text.ContainsAnyExcept(Alphabet);
}
