namespace Pharos.Storage.Histograms;

/// <summary>The arithmetic mean of histograms, compensated; it goes over to an incremental one where the sum would overflow.</summary>
public sealed class HistogramMean(NativeHistogram first)
{
    private HistogramAccumulator _sum = new(first);
    private bool _incremental;

    public long Count { get; private set; } = 1;

    /// <summary>Adds one. With <see cref="HistogramNotes.Incompatible"/> nothing has changed.</summary>
    public HistogramNotes Add(NativeHistogram histogram)
    {
        if (!_incremental)
        {
            var next = _sum.Clone();
            var notes = next.Add(histogram);
            if (notes.HasFlag(HistogramNotes.Incompatible))
            {
                return notes;
            }
            if (!next.HasInfinity)
            {
                _sum = next;
                Count++;
                return notes;
            }
            _incremental = true;
            _sum.Divide(Count);
        }
        var mean = _sum.Clone();
        mean.Multiply((double)Count / (Count + 1));
        var incremental = mean.Add(histogram.Divide(Count + 1));
        if (!incremental.HasFlag(HistogramNotes.Incompatible))
        {
            _sum = mean;
            Count++;
        }
        return incremental;
    }

    public NativeHistogram ToHistogram()
    {
        if (_incremental)
        {
            return _sum.ToHistogram();
        }
        var mean = _sum.Clone();
        mean.Divide(Count);
        return mean.ToHistogram();
    }
}
