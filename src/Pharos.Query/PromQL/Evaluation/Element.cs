using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>What a series is at one step: a number, or a native histogram.</summary>
/// <param name="Number">Meaningless beside a histogram.</param>
internal readonly record struct Element(double Number, NativeHistogram? Histogram)
{
    public static implicit operator Element(double number) => new(number, null);

    public static implicit operator Element(NativeHistogram histogram) => new(0, histogram);
}
