namespace Pharos.Collection.Shipping.Stages.Labelling;

/// <summary><c>structured_metadata</c>: metadata from extracted values; a label of the source's name moves there, too.</summary>
public sealed class StructuredMetadataStage(IReadOnlyList<KeyValuePair<string, string>> sources) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        foreach (var (name, source) in sources)
        {
            if (entry.Text(source) is { } value)
            {
                Set(entry, name, value);
            }
            if (entry.Labels[source] is { Length: > 0 } label)
            {
                Set(entry, name, label);
                entry.Labels.Remove(source);
            }
        }
        next.Take(entry);
    }

    private static void Set(ShippedEntry entry, string name, string value)
    {
        entry.Metadata.RemoveAll(pair => pair.Key == name);
        entry.Metadata.Add(new(name, value));
    }
}
