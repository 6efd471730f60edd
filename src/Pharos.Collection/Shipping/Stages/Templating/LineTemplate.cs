using Pharos.Query.Templates;
using Pharos.Query.Templates.Values;

namespace Pharos.Collection.Shipping.Stages.Templating;

/// <summary>A Go template over what stages have extracted: <c>.Value</c>, <c>.Entry</c> and every extracted value by its name.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class LineTemplate
{
    private const string Name = "pipeline_template";

    private readonly TemplateSet _templates;

    private LineTemplate(TemplateSet templates) => _templates = templates;

    /// <exception cref="TemplateException">The text is no template.</exception>
    public static LineTemplate Parse(string text) => new(new TemplateSet(LineFunctions.All).With(Name, text));

    /// <summary>Null where the template fails on these values.</summary>
    internal string? Run(ShippedEntry entry, string? value, string? line)
    {
        var values = new SortedList<string, TemplateValue>(entry.Extracted.Count + 2, StringComparer.Ordinal);
        foreach (var (name, extracted) in entry.Extracted)
        {
            if (ExtractedValue.Text(extracted) is { } text)
            {
                values[name] = text;
            }
        }
        if (value is not null)
        {
            values["Value"] = value;
        }
        if (line is not null)
        {
            values["Entry"] = line;
        }
        try
        {
            return _templates.ExecuteText(Name, new TemplateMap(TemplateType.StringMap, values, ""), null);
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
