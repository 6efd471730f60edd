using Pharos.Query.LogQL.Evaluation.Scanning;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>What the parts of one query share.</summary>
internal sealed class LogQueryContext(LogEngineOptions options, TimeProvider time, ILogStore store, string tenant, CancellationToken cancellation)
{
    private readonly ScanCounts _counts = new();
    private readonly HashSet<LogStream> _streams = [];

    public LogEngineOptions Options => options;

    public TimeProvider Time => time;

    public CancellationToken Cancellation => cancellation;

    public LogQueryStatistics Statistics => new()
    {
        Lines = _counts.Lines,
        Bytes = _counts.Bytes,
        KeptLines = _counts.KeptLines,
        MetadataBytes = _counts.MetadataBytes,
        Blocks = _counts.Blocks + _counts.SkippedBlocks,
        SkippedBlocks = _counts.SkippedBlocks,
        Streams = _streams.Count,
    };

    /// <param name="fromNs">Inclusive.</param>
    /// <param name="toNs">Exclusive.</param>
    public ILogQuerier Open(long fromNs, long toNs) => store.Querier(tenant, fromNs, toNs);

    /// <summary>Entries that may be missing in the answer, because they lie in damaged blocks.</summary>
    public long DamagedEntries { get; private set; }

    public void CountDamaged(long entries) => DamagedEntries += entries;

    public void Count(ScanCounts counts) => _counts.Add(counts);

    public void Count(IEnumerable<ILogBlock> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var run in block.Runs)
            {
                _streams.Add(run.Stream);
            }
        }
    }
}
