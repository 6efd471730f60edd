namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Floats as XOR with the one before.</summary>
internal sealed class FloatColumn : IHistogramColumn
{
    private ulong _bits;
    private XorWindow _window;

    public double Value => BitConverter.UInt64BitsToDouble(_bits);

    public void Read(ref BitReader reader, bool isFirst) =>
        _bits = isFirst ? reader.Bits(64) : _window.Read(ref reader, _bits);

    public void Write(BitWriter writer, double value, bool isFirst)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (isFirst)
        {
            writer.Bits(bits, 64);
        }
        else
        {
            _window.Write(writer, bits ^ _bits);
        }
        _bits = bits;
    }
}
