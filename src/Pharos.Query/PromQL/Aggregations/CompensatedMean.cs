namespace Pharos.Query.PromQL.Aggregations;

/// <summary>An arithmetic mean that goes over to an incremental one where the sum would overflow.</summary>
internal struct CompensatedMean
{
    private Compensated _state;
    private bool _incremental;
    private long _count;

    /// <summary>Goes on from a sum of so many values that has not overflowed.</summary>
    public CompensatedMean(double sum, double correction, long count)
    {
        _state = new Compensated { Sum = sum, Correction = correction };
        _count = count;
    }

    public readonly double Value => _incremental ? _state.Sum + _state.Correction
        : (_state.Sum / _count) + (_state.Correction / _count);

    public void Add(double value)
    {
        _count++;
        if (_count == 1)
        {
            _state.Sum = value;
            return;
        }
        if (!_incremental)
        {
            var next = _state;
            next.Add(value);
            if (!double.IsInfinity(next.Sum))
            {
                _state = next;
                return;
            }
            _incremental = true;
            _state.Sum /= _count - 1;
            _state.Correction /= _count - 1;
        }
        var share = (double)(_count - 1) / _count;
        _state.Sum *= share;
        _state.Correction *= share;
        _state.Add(value / _count);
    }
}
