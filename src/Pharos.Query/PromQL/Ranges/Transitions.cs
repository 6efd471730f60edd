using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>Walks over a window from each sample to the next, numbers and histograms in the order of their times.</summary>
internal ref struct Transitions
{
    private readonly WindowPoints _numbers;
    private readonly WindowPoints _histograms;
    private int _number;
    private int _histogram;
    private bool _wasHistogram;

    public Transitions(in RangeWindow window)
    {
        _numbers = window.Numbers;
        _histograms = window.Histograms;
        Take();
    }

    /// <summary>A number follows a histogram or the other way round.</summary>
    public readonly bool KindChanges => IsHistogram != _wasHistogram;

    public bool IsHistogram { get; private set; }

    public readonly double Number => _numbers.Values[_number - 1];

    public readonly double PreviousNumber => _numbers.Values[_number - 2];

    public readonly NativeHistogram Histogram => _histograms.Histograms[_histogram - 1]!;

    public readonly NativeHistogram PreviousHistogram => _histograms.Histograms[_histogram - 2]!;

    /// <summary>The start times say that the counter began anew in between; only where the kind stays.</summary>
    public readonly bool StartsAnew => IsHistogram ? _histograms.StartsAnew(_histogram - 1) : _numbers.StartsAnew(_number - 1);

    public bool MoveNext()
    {
        if (_number == _numbers.Count && _histogram == _histograms.Count)
        {
            return false;
        }
        Take();
        return true;
    }

    private void Take()
    {
        _wasHistogram = IsHistogram;
        IsHistogram = _number == _numbers.Count
            || (_histogram < _histograms.Count && _histograms.Timestamps[_histogram] < _numbers.Timestamps[_number]);
        if (IsHistogram)
        {
            _histogram++;
        }
        else
        {
            _number++;
        }
    }
}
