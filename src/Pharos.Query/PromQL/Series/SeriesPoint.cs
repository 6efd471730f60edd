using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Series;

/// <summary>One place in a described series: a number, a histogram, or a gap.</summary>
/// <param name="Histogram">Null for a number, which is then <paramref name="Value"/>.</param>
public readonly record struct SeriesPoint(double Value, NativeHistogram? Histogram, bool IsMissing)
{
    public static readonly SeriesPoint Gap = new(0, null, true);

    public static SeriesPoint Of(double value) => new(value, null, false);

    public static SeriesPoint Of(NativeHistogram histogram) => new(histogram.Sum, histogram, false);
}
