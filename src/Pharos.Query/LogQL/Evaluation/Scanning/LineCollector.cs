using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Makes entries of the lines that a worker keeps, as long as they are among the best.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class LineCollector(FoundLines found) : RowConsumer
{
    private readonly ResultLabels _labels = new();

    public override bool Backward => found.Backward;

    public override bool Wants(long timeNs) => found.Wants(timeNs);

    public override void BeginRun(LogStream stream) => _labels.BeginRun(stream);

    public override void Take(ref LogLine line) => found.Add(new LogResultEntry(line.TimeNs, line.Text.ToArray(), _labels.Of(line.Labels)));
}
