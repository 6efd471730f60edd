namespace Pharos.Collection.Shipping.Stages.Labelling;

/// <summary><c>labelallow</c>: only these labels stay.</summary>
public sealed class LabelAllowStage(IReadOnlyList<string> names) : IStage
{
    private readonly HashSet<string> _names = new(names, StringComparer.Ordinal);

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        foreach (var label in entry.Labels.Labels.ToArray())
        {
            if (!_names.Contains(label.Name))
            {
                entry.Labels.Remove(label.Name);
            }
        }
        next.Take(entry);
    }
}
