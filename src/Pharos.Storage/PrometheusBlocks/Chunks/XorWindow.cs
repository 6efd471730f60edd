using System.Numerics;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>The bits that a value shares with none before it: where they begin, and where they end.</summary>
/// <remarks>A mutable struct that lives in whoever packs or unpacks one column of floats.</remarks>
internal struct XorWindow
{
    private const int MaxLeading = 31;

    private int _leading;
    private int _trailing;
    private bool _isSet;

    /// <summary>The value that comes after <paramref name="before"/>.</summary>
    public ulong Read(ref BitReader reader, ulong before)
    {
        if (!reader.Bit())
        {
            return before;
        }
        return reader.Bit() ? ReadNew(ref reader, before) : ReadSame(ref reader, before);
    }

    public readonly ulong ReadSame(ref BitReader reader, ulong before) =>
        before ^ (reader.Bits(64 - _leading - _trailing) << _trailing);

    public ulong ReadNew(ref BitReader reader, ulong before)
    {
        _leading = (int)reader.Bits(5);
        var significant = (int)reader.Bits(6);
        significant = significant == 0 ? 64 : significant;
        _trailing = 64 - _leading - significant;
        if (_trailing < 0)
        {
            throw reader.Corrupt("a value with more than 64 bits");
        }
        return ReadSame(ref reader, before);
    }

    public void Write(BitWriter writer, ulong xor)
    {
        if (xor == 0)
        {
            writer.Bit(false);
            return;
        }
        writer.Bit(true);
        WriteChanged(writer, xor, sameWindow: (0, 1), newWindow: (1, 1));
    }

    /// <summary>Writes a value that differs, after the bits (value and number of them) that say how.</summary>
    public void WriteChanged(BitWriter writer, ulong xor, (uint Bits, int Count) sameWindow, (uint Bits, int Count) newWindow)
    {
        var leading = Math.Min(MaxLeading, BitOperations.LeadingZeroCount(xor));
        var trailing = BitOperations.TrailingZeroCount(xor);
        if (_isSet && leading >= _leading && trailing >= _trailing)
        {
            writer.Bits(sameWindow.Bits, sameWindow.Count);
        }
        else
        {
            (_leading, _trailing, _isSet) = (leading, trailing, true);
            writer.Bits(newWindow.Bits, newWindow.Count);
            writer.Bits((uint)leading, 5);
            // 64 significant bits do not fit into six bits and stand there as 0.
            writer.Bits((uint)(64 - leading - trailing), 6);
        }
        writer.Bits(xor >> _trailing, 64 - _leading - _trailing);
    }
}
