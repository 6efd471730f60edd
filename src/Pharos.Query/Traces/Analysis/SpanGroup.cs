namespace Pharos.Query.Traces.Analysis;

/// <summary>A line of a trace's statistics: spans that have something in common. Times are nanoseconds.</summary>
/// <param name="Name">What they have in common; empty for spans without it.</param>
/// <param name="Parts">The same spans by something else; none where nobody asked.</param>
public sealed record SpanGroup(
    string Name, int Count, int Errors, long TotalNs, long MinNs, long MaxNs, long SelfTotalNs, long SelfMinNs, long SelfMaxNs,
    IReadOnlyList<SpanGroup> Parts)
{
    public double AverageNs => (double)TotalNs / Count;

    public double SelfAverageNs => (double)SelfTotalNs / Count;
}
