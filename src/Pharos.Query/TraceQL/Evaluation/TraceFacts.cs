using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>What is the same for all spans of a trace.</summary>
/// <param name="Root">The span without parent that begins first; null while none is stored.</param>
internal sealed record TraceFacts(long StartNs, long EndNs, Span? Root)
{
    public static TraceFacts Of(IReadOnlyList<Span> spans)
    {
        var (start, end, root) = (long.MaxValue, long.MinValue, (Span?)null);
        foreach (var span in spans)
        {
            start = Math.Min(start, span.StartNs);
            end = Math.Max(end, span.EndNs);
            if (span.ParentSpanId == 0)
            {
                root = TraceSummarizing.Root(root, span);
            }
        }
        return new TraceFacts(start, end, root);
    }
}
