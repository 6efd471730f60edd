namespace Pharos.Collection.Shipping.Stages.Labelling;

/// <summary><c>static_labels</c>: labels with values of their own.</summary>
public sealed class StaticLabelsStage(IReadOnlyList<KeyValuePair<string, string>> labels) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        foreach (var (name, value) in labels)
        {
            entry.Labels.Set(name, value);
        }
        next.Take(entry);
    }
}
