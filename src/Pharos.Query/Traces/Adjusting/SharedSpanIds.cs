using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>Zipkin's clients give both sides of a call one id: the server's span gets an id of its own and becomes the client's child.</summary>
internal static class SharedSpanIds
{
    public static void Part(List<AdjustedSpan> spans)
    {
        var used = new HashSet<ulong>();
        var ofClients = new HashSet<ulong>();
        foreach (var adjusted in spans)
        {
            used.Add(adjusted.Span.SpanId);
            if (adjusted.Span.Kind == SpanKind.Client)
            {
                ofClients.Add(adjusted.Span.SpanId);
            }
        }
        var newIds = new Dictionary<ulong, ulong>();
        var last = 0UL;
        foreach (var adjusted in spans)
        {
            var span = adjusted.Span;
            if (span.Kind == SpanKind.Server && ofClients.Contains(span.SpanId))
            {
                do
                {
                    last++;
                }
                while (used.Contains(last));
                newIds[span.SpanId] = last;
                adjusted.Span = span with { ParentSpanId = span.SpanId, SpanId = last };
            }
        }
        if (newIds.Count > 0)
        {
            MoveChildren(spans, newIds);
        }
    }

    /// <summary>What was below the shared id lies below the server's span.</summary>
    private static void MoveChildren(List<AdjustedSpan> spans, Dictionary<ulong, ulong> newIds)
    {
        foreach (var adjusted in spans)
        {
            if (newIds.TryGetValue(adjusted.Span.ParentSpanId, out var parent) && adjusted.Span.SpanId != parent)
            {
                adjusted.Span = adjusted.Span with { ParentSpanId = parent };
            }
        }
    }
}
