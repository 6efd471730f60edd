using System.Numerics;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Encoding;

/// <summary>CRC-32C (Castagnoli), as iSCSI defines it: what every section and record of ours is checked with.</summary>
/// <remarks>The processor's own instruction where it has one. "123456789" gives 0xE3069283 (RFC 3720 B.4's polynomial).</remarks>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/>, continued from that of what came before.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }
        return ~crc;
    }
}
