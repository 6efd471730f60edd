using Pharos.Storage.Traces;

namespace Pharos.Query.Traces;

/// <summary>Counts how often services called each other: a span is a call where its parent is another service's.</summary>
public static class CallCounts
{
    public static IReadOnlyDictionary<(string Parent, string Child), long> Of(IEnumerable<Trace> traces)
    {
        var counts = new Dictionary<(string, string), long>();
        foreach (var trace in traces)
        {
            var services = new Dictionary<ulong, string>(trace.Spans.Count);
            foreach (var span in trace.Spans)
            {
                services[span.SpanId] = span.Resource.ServiceName;
            }
            foreach (var span in trace.Spans)
            {
                if (span.ParentSpanId != 0 && services.TryGetValue(span.ParentSpanId, out var parent) && parent != span.Resource.ServiceName)
                {
                    var edge = (parent, span.Resource.ServiceName);
                    counts[edge] = counts.GetValueOrDefault(edge) + 1;
                }
            }
        }
        return counts;
    }
}
