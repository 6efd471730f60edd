using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>What Jaeger mends about a trace before it shows it, in Jaeger 2's order.</summary>
public static class TraceAdjusting
{
    /// <param name="spans">All of one trace.</param>
    /// <param name="maxClockSkew">Clocks that seem to differ by more are left as they are; zero for all of them.</param>
    public static IReadOnlyList<Span> Adjust(IReadOnlyList<Span> spans, TimeSpan maxClockSkew)
    {
        var adjusted = new List<AdjustedSpan>(spans.Count);
        foreach (var span in spans)
        {
            adjusted.Add(new AdjustedSpan(span));
        }
        SharedSpanIds.Part(adjusted);
        CollectionOrder.Sort(adjusted);
        EqualSpans.Remove(adjusted);
        new ClockSkew(adjusted, maxClockSkew.Ticks * TimeSpan.NanosecondsPerTick).Correct();
        AddressAttributes.Normalize(adjusted);
        LibraryAttributes.Move(adjusted);
        EmptyLinks.Remove(adjusted);
        return adjusted.ConvertAll(static span => span.ToSpan());
    }
}
