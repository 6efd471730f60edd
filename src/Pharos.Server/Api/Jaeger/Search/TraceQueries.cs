using Pharos.Query.Traces;
using Pharos.Query.Traces.Adjusting;
using Pharos.Server.Traces;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Server.Api.Jaeger.Search;

/// <summary>What every version of Jaeger's API asks the store.</summary>
/// <param name="maxClockSkew">How far spans are moved at most; zero for not at all.</param>
/// <param name="archive">Traces that stay; null for none.</param>
internal sealed class TraceQueries(ITraceStore store, TimeSpan maxClockSkew, TraceArchive? archive = null)
{
    /// <summary>Bounds what one answer holds of one trace; the earliest spans are given, and the answer says that there are more.</summary>
    public const int MaxSpans = 500_000;

    /// <summary>Bounds the traces that are read to count calls; the newest are.</summary>
    private const int MaxCountedTraces = 20_000;

    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Whose spans are looked at.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Calls between services that were counted as spans came in.</summary>
    public DependencyStore? Dependencies { get; init; }

    /// <summary>The same questions of another tenant's spans.</summary>
    public TraceQueries Of(string tenant) =>
        tenant == Tenant ? this : new TraceQueries(store, maxClockSkew, archive) { Dependencies = Dependencies, Tenant = tenant };

    /// <summary>As stored or, once that is gone, as archived; null where it is neither.</summary>
    public Trace? Get(TraceId id, bool isRaw) => (store.Get(Tenant, id, MaxSpans) ?? archive?.Find(Tenant, id)) is { } trace ? Shown(trace, isRaw) : null;

    /// <summary>Keeps a trace when the store's retention takes it.</summary>
    /// <param name="refusal">Why it cannot be kept; empty where it is.</param>
    /// <returns>False where there is no such trace.</returns>
    public bool Archive(TraceId id, out string refusal)
    {
        refusal = "archive span storage was not configured";
        if (Get(id, isRaw: true) is not { } trace)
        {
            return false;
        }
        refusal = archive?.Keep(Tenant, trace) ?? refusal;
        return true;
    }

    /// <summary>The newest first, read as they are taken.</summary>
    public IEnumerable<Trace> Find(TraceSearch search, CancellationToken cancellation) =>
        store.Find(search.ToFilter(Tenant), cancellation).Take(search.MostTraces).Select(trace => Shown(trace, search.IsRaw));

    public IEnumerable<TraceSummary> Summaries(TraceSearch search, CancellationToken cancellation) =>
        store.Summaries(search.ToFilter(Tenant), cancellation).Take(search.MostTraces);

    /// <summary>Every one that is stored.</summary>
    public IReadOnlyList<string> Services() => store.Services(Tenant, long.MinValue, long.MaxValue);

    public IReadOnlyList<OperationName> Operations(string service) => store.Operations(Tenant, service, long.MinValue, long.MaxValue);

    /// <summary>By name.</summary>
    public IReadOnlyList<ServiceCall> Calls(long startNs, long endNs, CancellationToken cancellation)
    {
        if (Dependencies?.Read(Tenant, startNs / NanosecondsPerMillisecond, endNs / NanosecondsPerMillisecond) is { Count: > 0 } counted)
        {
            return [.. counted.Select(static edge => new ServiceCall(edge.Parent, edge.Child, edge.CallCount))];
        }
        // Nothing was counted then: spans that did not come in here, but were put into the store.
        var search = new TraceSearch { StartNs = startNs, EndNs = endNs };
        return
        [
            .. CallCounts.Of(store.Find(search.ToFilter(Tenant), cancellation).Take(MaxCountedTraces))
                .Select(static edge => new ServiceCall(edge.Key.Parent, edge.Key.Child, edge.Value))
                .OrderBy(static call => call.Parent, StringComparer.Ordinal).ThenBy(static call => call.Child, StringComparer.Ordinal),
        ];
    }

    private Trace Shown(Trace trace, bool isRaw) => isRaw ? trace : trace with { Spans = TraceAdjusting.Adjust(trace.Spans, maxClockSkew) };
}
