using Pharos.Storage.Histograms;

namespace Pharos.Storage.Encoding;

/// <summary>One sample of a series, of any kind.</summary>
/// <param name="Histogram">Null for a number, which is then <paramref name="Value"/>.</param>
/// <param name="StartTimeMs">When the counter began; 0 where that is not known.</param>
internal readonly record struct SeriesSample(long TimestampMs, double Value, NativeHistogram? Histogram, long StartTimeMs)
{
    /// <summary>A number without a start time, as nearly all samples are.</summary>
    public bool IsPlain => Histogram is null && StartTimeMs == 0;

    /// <summary>Whether it says the same as a sample of the same time, bit by bit; start times do not count.</summary>
    public bool IsSameAs(NativeHistogram? histogram, double value) => Histogram is null || histogram is null
        ? Histogram is null && histogram is null
            && BitConverter.DoubleToInt64Bits(Value) == BitConverter.DoubleToInt64Bits(value)
        : HistogramContinuity.AreSame(Histogram, histogram);
}
