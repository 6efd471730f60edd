using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Logs.Tailing;

/// <summary>A store of one block: new entries go through the same engine as stored ones, so that a tail means what a query means.</summary>
internal sealed class TailStore(TailBlock block) : ILogStore, ILogQuerier
{
    public ILogQuerier Querier(string tenant, long startNs, long endNs) => this;

    public IReadOnlyList<LogStream> Streams(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        [.. block.Runs.Select(static run => run.Stream).OrderBy(static stream => stream.Labels)];

    /// <summary>The entries are those of streams that match: the queue has seen to that.</summary>
    public IReadOnlyList<ILogBlock> Blocks(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) => [block];

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) => throw Unused();

    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) => throw Unused();

    public LogStream Stream(string tenant, LabelSet labels) => throw Unused();

    public bool IsActive(LogStream stream) => throw Unused();

    public int ActiveStreams(string tenant) => throw Unused();

    public void Append(LogBatch batch) => throw Unused();

    public IReadOnlyDictionary<string, string> Marks() => throw Unused();

    public IDisposable Watch(Action<LogBatch> appended) => throw Unused();

    public void Delete(LogDeletion deletion) => throw Unused();

    public void Flush(CancellationToken cancellation) => throw Unused();

    public LogStoreStatus Status() => throw Unused();

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException Unused() => new("a query of lines asks for nothing else");
}
