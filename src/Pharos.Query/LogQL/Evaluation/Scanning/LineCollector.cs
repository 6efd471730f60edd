using System.Text;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Keeps the newest, or the oldest, so many lines.</summary>
/// <remarks>Not thread-safe but for <see cref="Wants"/>' bound, which workers of a query share.</remarks>
internal sealed class LineCollector(int limit, bool backward, LineCutoff cutoff) : RowConsumer
{
    /// <summary>The line that would go first comes first.</summary>
    private readonly PriorityQueue<LogResultEntry, long> _kept = new();

    private LogStream? _stream;

    public override bool Backward => backward;

    public IEnumerable<LogResultEntry> Entries => _kept.UnorderedItems.Select(static item => item.Element);

    public override bool Wants(long timeNs) => cutoff.Allows(timeNs);

    public override void BeginRun(LogStream stream) => _stream = stream;

    public override void Take(ref LogLine line)
    {
        var entry = new LogResultEntry(line.TimeNs, line.Text.ToArray(), LabelsOf(line.Labels));
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

    private LogResultLabels LabelsOf(LineLabels labels)
    {
        var (stream, metadata, parsed) = (new List<Label>(), new List<Label>(), new List<Label>());
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels.Counts(i))
            {
                var target = labels.CategoryOf(i) switch { LabelCategory.Stream => stream, LabelCategory.Metadata => metadata, _ => parsed };
                target.Add(new Label(labels.KeyOf(i).Name, Encoding.UTF8.GetString(labels.ValueOf(i))));
            }
        }
        labels.AddErrorTo(parsed);
        return new LogResultLabels(labels.HasWholeStream ? _stream!.Labels : SetOf(stream), SetOf(metadata), SetOf(parsed));
    }

    private static LabelSet SetOf(List<Label> labels) => LabelSet.OfTexts(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(labels));
}
