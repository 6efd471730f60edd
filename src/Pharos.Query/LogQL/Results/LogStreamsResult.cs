using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Results;

/// <summary>Lines of logs.</summary>
/// <param name="Entries">In the order that the query asked for.</param>
public sealed record LogStreamsResult(IReadOnlyList<LogResultEntry> Entries) : LogQueryResult
{
    /// <summary>An entry under all of its labels, wherever they come from; sorted by labels.</summary>
    public IReadOnlyList<LogResultStream> ByAllLabels() => Group(static entry => entry.Labels.All);

    /// <summary>An entry under its stream's labels; those of the other categories stay with the entry.</summary>
    public IReadOnlyList<LogResultStream> ByStreamLabels() => Group(static entry => entry.Labels.Stream);

    private List<LogResultStream> Group(Func<LogResultEntry, LabelSet> labelsOf)
    {
        var groups = new Dictionary<LabelSet, List<LogResultEntry>>();
        foreach (var entry in Entries)
        {
            var labels = labelsOf(entry);
            if (!groups.TryGetValue(labels, out var group))
            {
                groups.Add(labels, group = []);
            }
            group.Add(entry);
        }
        var streams = new List<LogResultStream>(groups.Count);
        foreach (var (labels, entries) in groups)
        {
            streams.Add(new LogResultStream(labels, entries));
        }
        streams.Sort(static (left, right) => left.Labels.CompareTo(right.Labels));
        return streams;
    }
}
