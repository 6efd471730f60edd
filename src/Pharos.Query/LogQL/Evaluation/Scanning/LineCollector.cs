using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Keeps the newest, or the oldest, so many lines.</summary>
/// <remarks>Not thread-safe but for <see cref="Wants"/>' bound, which workers of a query share.</remarks>
internal sealed class LineCollector(int limit, bool backward, LineCutoff cutoff) : RowConsumer
{
    /// <summary>The line that would go first comes first.</summary>
    private readonly PriorityQueue<LogResultEntry, long> _kept = new();

    private readonly ResultLabels _labels = new();

    public override bool Backward => backward;

    public IEnumerable<LogResultEntry> Entries => _kept.UnorderedItems.Select(static item => item.Element);

    public override bool Wants(long timeNs) => cutoff.Allows(timeNs);

    public override void BeginRun(LogStream stream) => _labels.BeginRun(stream);

    public override void Take(ref LogLine line)
    {
        var entry = new LogResultEntry(line.TimeNs, line.Text.ToArray(), _labels.Of(line.Labels));
        var rank = backward ? line.TimeNs : -line.TimeNs;
        if (_kept.Count < limit)
        {
            _kept.Enqueue(entry, rank);
        }
        else
        {
            _kept.EnqueueDequeue(entry, rank);
        }
        if (_kept.Count == limit)
        {
            cutoff.Tighten(_kept.Peek().TimeNs);
        }
    }
}
