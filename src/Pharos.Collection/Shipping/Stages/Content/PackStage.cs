using System.Text;

namespace Pharos.Collection.Shipping.Stages.Content;

/// <summary><c>pack</c>: puts labels and extracted values into the line, as an object with the line under <c>_entry</c>.</summary>
/// <param name="takesNow">Whether the entry's time becomes that of its packing.</param>
public sealed class PackStage(IReadOnlyList<string> names, bool takesNow, StageContext context) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        var packed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (entry.Labels.Has(name))
            {
                packed[name] = entry.Labels[name];
                entry.Labels.Remove(name);
            }
            else if (entry.Text(name) is { } value)
            {
                packed[name] = value;
            }
        }
        var json = new StringBuilder("{");
        foreach (var (name, value) in packed)
        {
            GoJsonText.Append(json, name);
            json.Append(':');
            GoJsonText.Append(json, value);
            json.Append(',');
        }
        json.Append("\"_entry\":");
        GoJsonText.Append(json, entry.Line);
        entry.Line = json.Append('}').ToString();
        if (takesNow)
        {
            entry.TimeNs = context.NowNs;
        }
        next.Take(entry);
    }
}
