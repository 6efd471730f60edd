using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Zipkin;

/// <summary>Counts the calls between services, trace by trace.</summary>
internal sealed class ZipkinLinks
{
    private readonly SortedDictionary<(string Parent, string Child), (long Calls, long Errors)> _links = [];

    public IEnumerable<(string Parent, string Child, long Calls, long Errors)> All =>
        _links.Select(static link => (link.Key.Parent, link.Key.Child, link.Value.Calls, link.Value.Errors));

    /// <summary>A span below one of another service is a call; so is a client's or a producer's that nobody answers, where it names the other
    /// side.</summary>
    public void Add(Trace trace)
    {
        var byId = new Dictionary<ulong, Span>();
        var shared = new Dictionary<ulong, Span>();
        foreach (var span in trace.Spans)
        {
            if (!byId.TryAdd(span.SpanId, span))
            {
                shared.TryAdd(span.SpanId, span);
            }
        }
        var answered = new HashSet<ulong>();
        foreach (var span in trace.Spans)
        {
            var caller = CallerOf(span, byId, shared);
            if (caller is not null && caller.Resource.ServiceName != span.Resource.ServiceName)
            {
                answered.Add(caller.SpanId);
                Count(caller.Resource.ServiceName, span.Resource.ServiceName, span.Status == SpanStatus.Error);
            }
        }
        foreach (var span in trace.Spans)
        {
            if (span.Kind is SpanKind.Client or SpanKind.Producer && !answered.Contains(span.SpanId)
                && span.Attributes.FirstOrDefault(static tag => tag.Key == "peer.service").Value.Text is { Length: > 0 } peer)
            {
                Count(span.Resource.ServiceName, peer, span.Status == SpanStatus.Error);
            }
        }
    }

    /// <summary>The client's half of a shared span, else the parent; of a parent with two halves the one in the same service.</summary>
    private static Span? CallerOf(Span span, Dictionary<ulong, Span> byId, Dictionary<ulong, Span> shared)
    {
        if (span.Kind == SpanKind.Server && shared.TryGetValue(span.SpanId, out var half))
        {
            return half.Kind == SpanKind.Client ? half : byId[span.SpanId];
        }
        return shared.TryGetValue(span.ParentSpanId, out var other) && other.Resource.ServiceName == span.Resource.ServiceName
            ? other
            : byId.GetValueOrDefault(span.ParentSpanId);
    }

    private void Count(string parent, string child, bool isError)
    {
        var (calls, errors) = _links.GetValueOrDefault((parent, child));
        _links[(parent, child)] = (calls + 1, errors + (isError ? 1 : 0));
    }
}
