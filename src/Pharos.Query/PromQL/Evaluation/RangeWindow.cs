namespace Pharos.Query.PromQL.Evaluation;

/// <summary>The samples of one series in (<see cref="StartMs"/>, <see cref="EndMs"/>], oldest first.</summary>
internal readonly ref struct RangeWindow(
    ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values, long startMs, long endMs, long evaluationMs)
{
    public readonly ReadOnlySpan<long> Timestamps = timestamps;
    public readonly ReadOnlySpan<double> Values = values;
    public readonly long StartMs = startMs;
    public readonly long EndMs = endMs;
    public readonly long EvaluationMs = evaluationMs;

    public int Count => Values.Length;
}
