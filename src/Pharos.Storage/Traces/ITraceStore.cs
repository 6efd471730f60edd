using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces;

/// <summary>Where spans go and come from. The one seam between the trace store and everything above it.</summary>
/// <remarks>Thread-safe. Knows nothing of protocols, query languages or HTTP. A tenant sees its own spans only; its name is any text,
/// empty where nobody asks for tenants. Spans may come in any order, of any age, and again: a span that equals one that is stored
/// already (same ids, same content) is given once.</remarks>
public interface ITraceStore : IAsyncDisposable
{
    /// <summary>Stores the spans of a batch, all or none. When it returns, they are in the log and visible; a power cut takes what the
    /// store's fsync policy says. The batch is the caller's again afterwards.</summary>
    /// <exception cref="IOException">The disk refused; nothing of the batch is stored.</exception>
    void Append(SpanBatch batch);

    /// <summary>A trace, wherever its spans lie; null where none is stored.</summary>
    /// <param name="maxSpans">The earliest ones are given where there are more.</param>
    Trace? Get(string tenant, TraceId id, int maxSpans = int.MaxValue);

    /// <summary>Traces with a span that satisfies the filter, whole, the newest start first, each once, read as they are taken.</summary>
    IEnumerable<Trace> Find(TraceFilter filter, CancellationToken cancellation);

    /// <summary>As <see cref="Find"/>, without reading spans where the filter allows it.</summary>
    IEnumerable<TraceSummary> Summaries(TraceFilter filter, CancellationToken cancellation);

    /// <summary>Every span that satisfies the filter, in no particular order.</summary>
    IEnumerable<Span> Spans(TraceFilter filter, CancellationToken cancellation);

    /// <summary>Names of services with a span that starts in the range, in ordinal order.</summary>
    IReadOnlyList<string> Services(string tenant, long startNs, long endNs);

    /// <summary>What the spans of a service are called, by name and kind.</summary>
    IReadOnlyList<OperationName> Operations(string tenant, string service, long startNs, long endNs);

    /// <summary>Keys of attributes that stand in one scope, in ordinal order.</summary>
    IReadOnlyList<string> AttributeKeys(string tenant, AttributeScopes scope, long startNs, long endNs, int limit);

    /// <summary>Distinct values of an attribute, in any of the scopes, in no particular order.</summary>
    IReadOnlyList<AttributeValue> AttributeValues(
        string tenant, AttributeScopes scopes, string key, long startNs, long endNs, int limit);

    /// <summary>Calls back after each append, on the appender's thread, until disposed. The batch must not be held or changed.</summary>
    IDisposable Watch(Action<SpanBatch> appended);

    /// <summary>Seals what is in memory into blocks.</summary>
    void Flush(CancellationToken cancellation);

    TraceStoreStatus Status();
}
