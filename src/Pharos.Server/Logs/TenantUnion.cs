using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Logs;

/// <summary>The entries of several tenants as those of one, for queries; each stream has a label that says whose it is.</summary>
internal sealed class TenantUnion(ILogStore store, IReadOnlyList<string> tenants) : ILogStore
{
    public ILogQuerier Querier(string tenant, long startNs, long endNs) =>
        new UnionQuerier([.. tenants.Select(name => new TenantQuerier(name, store.Querier(name, startNs, endNs)))]);

    /// <summary>A view of the tenants' entries: as they are of one alone, with a label that tells the tenants apart of several.</summary>
    public static ILogQuerier Open(ILogStore store, IReadOnlyList<string> tenants, long startNs, long endNs) =>
        tenants.Count == 1 ? store.Querier(tenants[0], startNs, endNs) : new TenantUnion(store, tenants).Querier("", startNs, endNs);

    public IDisposable Watch(Action<LogBatch> appended) => store.Watch(appended);

    public LogStoreStatus Status() => store.Status();

    public bool IsActive(LogStream stream) => store.IsActive(stream);

    public int ActiveStreams(string tenant) => tenants.Sum(store.ActiveStreams);

    public IReadOnlyDictionary<string, string> Marks() => store.Marks();

    public LogStream Stream(string tenant, LabelSet labels) => throw new NotSupportedException("several tenants are read only");

    public void Append(LogBatch batch) => throw new NotSupportedException("several tenants are read only");

    public void Delete(LogDeletion deletion) => throw new NotSupportedException("several tenants are read only");

    public void Flush(CancellationToken cancellation) => throw new NotSupportedException("several tenants are read only");

    /// <summary>The store is not this one's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class UnionQuerier(TenantQuerier[] queriers) : ILogQuerier
    {
        public IReadOnlyList<LogStream> Streams(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            [.. queriers.SelectMany(querier => querier.Streams(matchers, cancellation)).OrderBy(static stream => stream.Labels)];

        public IReadOnlyList<ILogBlock> Blocks(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            [.. queriers.SelectMany(querier => querier.Blocks(matchers, cancellation)).OrderBy(static block => block.MinTimeNs)];

        public long DamagedEntries(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            queriers.Sum(querier => querier.DamagedEntries(matchers, cancellation));

        public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            [.. queriers.SelectMany(querier => querier.LabelNames(matchers, cancellation)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            [.. queriers.SelectMany(querier => querier.LabelValues(name, matchers, cancellation)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)];

        public void Dispose() => Array.ForEach(queriers, static querier => querier.Dispose());
    }
}
