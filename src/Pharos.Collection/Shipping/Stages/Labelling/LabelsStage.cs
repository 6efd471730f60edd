namespace Pharos.Collection.Shipping.Stages.Labelling;

/// <summary><c>labels</c>: labels from extracted values. A value that is not there sets nothing.</summary>
public sealed class LabelsStage(IReadOnlyList<KeyValuePair<string, string>> sources) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        foreach (var (label, source) in sources)
        {
            if (entry.Text(source) is { } value)
            {
                entry.Labels.Set(label, value);
            }
        }
        next.Take(entry);
    }
}
