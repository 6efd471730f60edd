using System.Buffers.Binary;

namespace Pharos.Storage.Logs.Filters;

/// <summary>A Bloom filter: a set of hashes in a few bits each, which never denies one that is in it.</summary>
/// <remarks>Layout: u32 number of bits, u8 bits set for each hash, the bits.</remarks>
internal static class BloomBits
{
    public const int HeaderBytes = 5;

    /// <param name="hashes">Distinct, or the filter is larger than it need be.</param>
    public static void Write(ReadOnlySpan<ulong> hashes, double bitsEach, int probes, Encoding.ByteWriter into)
    {
        var bytes = (int)Math.Ceiling(Math.Max(64, hashes.Length * bitsEach) / 8);
        into.U32((uint)bytes * 8);
        into.U8((byte)probes);
        var bits = into.Reserve(bytes);
        bits.Clear();
        foreach (var hash in hashes)
        {
            for (var i = 0; i < probes; i++)
            {
                var bit = Place(hash, i, (uint)bytes * 8);
                bits[(int)(bit >> 3)] |= (byte)(1 << (int)(bit & 7));
            }
        }
        into.Advance(bytes);
    }

    /// <summary>Cuts a filter off the front of some bytes.</summary>
    /// <returns>False where there is no whole one.</returns>
    public static bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> filter)
    {
        filter = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (bits == 0 || bits % 8 != 0 || bits / 8 > (uint)(bytes.Length - HeaderBytes))
        {
            return false;
        }
        var length = HeaderBytes + (int)(bits / 8);
        filter = bytes[..length];
        bytes = bytes[length..];
        return true;
    }

    /// <param name="filter">Whole.</param>
    /// <param name="offset">Of its first byte in the file.</param>
    public static BloomPlace PlaceOf(ReadOnlySpan<byte> filter, long offset) =>
        new(offset + HeaderBytes, BinaryPrimitives.ReadUInt32LittleEndian(filter), filter[4]);

    /// <summary>Which of so many bits a probe of a hash is.</summary>
    public static uint Place(ulong hash, int probe, uint bits)
    {
        var place = unchecked((uint)hash + ((uint)probe * ((uint)(hash >> 32) | 1)));
        return (uint)(((ulong)place * bits) >> 32);
    }

    /// <summary>False only if the hash is not in the filter.</summary>
    public static bool MayContain(ReadOnlySpan<byte> filter, ulong hash)
    {
        var count = BinaryPrimitives.ReadUInt32LittleEndian(filter);
        var probes = filter[4];
        var bits = filter[HeaderBytes..];
        for (var i = 0; i < probes; i++)
        {
            var bit = Place(hash, i, count);
            if ((bits[(int)(bit >> 3)] & (1 << (int)(bit & 7))) == 0)
            {
                return false;
            }
        }
        return true;
    }
}
