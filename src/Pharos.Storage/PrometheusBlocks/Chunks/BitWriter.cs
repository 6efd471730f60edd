namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Collects the bits of a chunk, highest first. The counterpart is <see cref="BitReader"/>.</summary>
internal sealed class BitWriter
{
    private byte[] _bytes = new byte[128];
    private int _bitLength;

    public int SizeBytes => (_bitLength + 7) / 8;

    public byte[] ToArray() => _bytes[..SizeBytes];

    public void Bit(bool value) => Bits(value ? 1UL : 0, 1);

    /// <summary>Adds the low <paramref name="count"/> (0 to 64) bits; what is above them is ignored.</summary>
    public void Bits(ulong value, int count)
    {
        var needed = ((_bitLength + count + 7) / 8) + 1;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
        while (count > 0)
        {
            var free = 8 - (_bitLength & 7);
            var taken = Math.Min(free, count);
            var part = (value >> (count - taken)) & ((1UL << taken) - 1);
            _bytes[_bitLength >> 3] |= (byte)(part << (free - taken));
            _bitLength += taken;
            count -= taken;
        }
    }

    /// <summary>Overwrites a whole byte that was written before.</summary>
    public void PatchByte(int at, byte value) => _bytes[at] = value;

    public void Double(double value) => Bits(BitConverter.DoubleToUInt64Bits(value), 64);

    public void UVarint(ulong value)
    {
        while (value >= 0x80)
        {
            Bits(value | 0x80, 8);
            value >>= 7;
        }
        Bits(value, 8);
    }

    public void Varint(long value) => UVarint((ulong)((value << 1) ^ (value >> 63)));

    public void VarbitInt(long value)
    {
        var sizes = BitClasses.Sizes;
        var chosen = 0;
        if (value != 0)
        {
            chosen = 1;
            while (chosen < sizes.Length - 1 && !BitClasses.Holds(value, sizes[chosen]))
            {
                chosen++;
            }
        }
        Class(chosen);
        Bits((ulong)value, sizes[chosen]);
    }

    public void VarbitUInt(ulong value)
    {
        var sizes = BitClasses.Sizes;
        var chosen = 0;
        while (chosen < sizes.Length - 1 && value >> sizes[chosen] != 0)
        {
            chosen++;
        }
        Class(chosen);
        Bits(value, sizes[chosen]);
    }

    /// <summary>As many ones as the class has, and a zero unless it is the last.</summary>
    private void Class(int chosen)
    {
        if (chosen == BitClasses.Sizes.Length - 1)
        {
            Bits(byte.MaxValue, chosen);
        }
        else
        {
            Bits((1UL << (chosen + 1)) - 2, chosen + 1);
        }
    }
}
