using Pharos.Storage.Model;

namespace Pharos.Query.Templates.Values;

/// <summary>A map with text keys, in the keys' order.</summary>
/// <param name="Zero">What a missing key reads as where the template asks for zero values.</param>
public sealed record TemplateMap(TemplateType Type, SortedList<string, TemplateValue> Entries, TemplateValue Zero)
{
    public static TemplateMap Of(LabelSet labels, TemplateType type)
    {
        var entries = new SortedList<string, TemplateValue>(labels.Count, StringComparer.Ordinal);
        foreach (var label in labels.Span)
        {
            entries.Add(label.Name, label.Value);
        }
        return new TemplateMap(type, entries, "");
    }
}
