namespace Pharos.Collection.Shipping.Stages.Labelling;

/// <summary><c>labeldrop</c>: these labels go.</summary>
public sealed class LabelDropStage(IReadOnlyList<string> names) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        foreach (var name in names)
        {
            entry.Labels.Remove(name);
        }
        next.Take(entry);
    }
}
