namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>A bucket of bytes that fills at a rate up to a burst.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ByteRate
{
    private readonly Lock _lock = new();
    private double _bytes;
    private long _filledNs = long.MinValue;

    /// <summary>Takes bytes where there are as many; a limit of 0 takes always.</summary>
    public bool TryTake(long bytes, long perSecond, long burst, long nowNs)
    {
        if (perSecond <= 0)
        {
            return true;
        }
        lock (_lock)
        {
            if (_filledNs == long.MinValue)
            {
                (_bytes, _filledNs) = (burst, nowNs);
            }
            if (nowNs > _filledNs)
            {
                _bytes = Math.Min(burst, _bytes + ((nowNs - _filledNs) / 1e9 * perSecond));
                _filledNs = nowNs;
            }
            if (bytes > _bytes)
            {
                return false;
            }
            _bytes -= bytes;
            return true;
        }
    }
}
