using System.Globalization;
using Pharos.Query.Templates.Values;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Pharos.Alerting.Receivers;

/// <summary>Renders structured fields: each text is a template, and what it renders is read as YAML where it can be.</summary>
internal static class TemplatedNodeRenderer
{
    private const int MaxDepth = 50;

    public static TemplateValue Render(string field, TemplatedNode node, NotificationRenderer renderer, string fallback) => node switch
    {
        TemplatedNode.Text text => Read(renderer.Text(field, text.Template, fallback)),
        TemplatedNode.List list => new TemplateList(TemplateType.AnyList,
            [.. list.Items.Select(item => Render(field, item, renderer, fallback))]),
        TemplatedNode.Map map => MapOf(map.Entries.Select(entry =>
            (Read(renderer.Text(field, entry.Key, entry.Key)), Render(entry.Key, entry.Value, renderer, fallback)))),
        TemplatedNode.Literal literal => literal.Value switch
        {
            bool value => value,
            int value => (long)value,
            long value => value,
            double value => value,
            string value => value,
            _ => TemplateValue.None,
        },
        _ => TemplateValue.None,
    };

    /// <summary>A rendered text as the YAML it is, or as text where it is none.</summary>
    public static TemplateValue Read(string text)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents.Count == 1 ? Convert(yaml.Documents[0].RootNode, text, 0)
                : text.Length == 0 || yaml.Documents.Count == 0 ? text : (TemplateValue)text;
        }
        catch (YamlException)
        {
            return text;
        }
    }

    private static TemplateValue Convert(YamlNode node, string whole, int depth)
    {
        if (depth > MaxDepth)
        {
            return whole;
        }
        switch (node)
        {
            case YamlSequenceNode sequence:
                return new TemplateList(TemplateType.AnyList, [.. sequence.Select(item => Convert(item, "", depth + 1))]);
            case YamlMappingNode mapping:
                return MapOf(mapping.Select(entry => (Convert(entry.Key, "", depth + 1), Convert(entry.Value, "", depth + 1))));
            case YamlScalarNode scalar when depth == 0 && scalar.Style == ScalarStyle.Plain && scalar.Value != whole.Trim():
                // A text of several lines would be folded into one: it stays as it is.
                return whole;
            case YamlScalarNode scalar:
                return Scalar(scalar, depth == 0 ? whole : scalar.Value ?? "");
            default:
                return whole;
        }
    }

    private static TemplateValue Scalar(YamlScalarNode scalar, string asText)
    {
        var value = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
        {
            return value;
        }
        if (value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            return value[0] is 't' or 'T';
        }
        if (value is "" or "~" or "null" or "Null" or "NULL")
        {
            return asText.Length == 0 ? "" : TemplateValue.None;
        }
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return integer;
        }
        return char.IsAsciiDigit(value[^1]) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : asText;
    }

    private static TemplateMap MapOf(IEnumerable<(TemplateValue Key, TemplateValue Value)> entries)
    {
        var map = new SortedList<string, TemplateValue>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            map[key.IsText ? key.Text : GoPrinter.Print(key)] = value;
        }
        return new TemplateMap(TemplateType.AnyMap, map, TemplateValue.None);
    }
}
