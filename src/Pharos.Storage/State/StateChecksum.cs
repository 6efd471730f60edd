using System.Buffers.Binary;
using Pharos.Storage.Encoding;

namespace Pharos.Storage.State;

/// <summary>What a row of a state file is checked with: SQLite has no checksums of its own.</summary>
internal static class StateChecksum
{
    private const int MaxBytesOnStack = 512;

    public static long Of(string collection, string key, ReadOnlySpan<byte> value, long? expiresAtMs)
    {
        Span<byte> expiry = stackalloc byte[1 + sizeof(long)];
        expiry[0] = expiresAtMs is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(expiry[1..], expiresAtMs ?? 0);
        return Crc32C.Of(value, Crc32C.Of(expiry, Of(key, Of(collection, 0))));
    }

    /// <summary>The text and a byte that no text has.</summary>
    private static uint Of(string text, uint before)
    {
        var utf8 = System.Text.Encoding.UTF8;
        Span<byte> buffer = stackalloc byte[MaxBytesOnStack];
        var bytes = utf8.TryGetBytes(text, buffer, out var length) ? buffer[..length] : utf8.GetBytes(text);
        return Crc32C.Of([0xff], Crc32C.Of(bytes, before));
    }
}
