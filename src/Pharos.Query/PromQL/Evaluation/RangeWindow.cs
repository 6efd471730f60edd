using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>The samples of one series in (<see cref="StartMs"/>, <see cref="EndMs"/>], oldest first.</summary>
/// <remarks>With an <see cref="Extension"/> the nearest sample up to the start comes first, where there is one; in a
/// smoothed window the nearest after the end comes last, unless a sample stands at the end itself.</remarks>
internal readonly ref struct RangeWindow(
    ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values, long startMs, long endMs, long evaluationMs,
    RangeExtension extension)
{
    public readonly ReadOnlySpan<long> Timestamps = timestamps;
    public readonly ReadOnlySpan<double> Values = values;
    public readonly long StartMs = startMs;
    public readonly long EndMs = endMs;
    public readonly long EvaluationMs = evaluationMs;
    public readonly RangeExtension Extension = extension;

    public int Count => Values.Length;
}
