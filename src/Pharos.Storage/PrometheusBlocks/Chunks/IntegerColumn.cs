namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Integers as delta of delta.</summary>
/// <param name="isSigned">Whether the first number may be negative: counts are not, differences between buckets are.</param>
internal sealed class IntegerColumn(bool isSigned) : IHistogramColumn
{
    private long _value;
    private long _delta;

    public double Value => isSigned ? _value : (ulong)_value;

    public void Read(ref BitReader reader, bool isFirst)
    {
        if (isFirst)
        {
            _value = isSigned ? reader.VarbitInt() : (long)reader.VarbitUInt();
            return;
        }
        _delta = unchecked(_delta + reader.VarbitInt());
        _value = unchecked(_value + _delta);
    }

    public void Write(BitWriter writer, double value, bool isFirst)
    {
        var integer = isSigned ? (long)value : (long)(ulong)value;
        if (isFirst)
        {
            if (isSigned)
            {
                writer.VarbitInt(integer);
            }
            else
            {
                writer.VarbitUInt((ulong)integer);
            }
        }
        else
        {
            var delta = unchecked(integer - _value);
            writer.VarbitInt(unchecked(delta - _delta));
            _delta = delta;
        }
        _value = integer;
    }
}
