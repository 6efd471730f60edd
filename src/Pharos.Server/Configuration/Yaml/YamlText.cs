using System.Text;
using YamlDotNet.Core;

namespace Pharos.Server.Configuration.Yaml;

/// <summary>Writes values back as YAML in block style, one key a line.</summary>
internal static class YamlText
{
    private const int IndentWidth = 2;

    public static void Write(StringBuilder text, YamlMapping mapping, int indent = 0)
    {
        foreach (var entry in mapping.Entries)
        {
            text.Append(' ', indent);
            WriteEntry(text, entry, indent);
        }
    }

    /// <summary>A text in quotes where it would otherwise be read as something else.</summary>
    public static string Quoted(string value) =>
        value.Length > 0 && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.')
            ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static void WriteEntry(StringBuilder text, YamlEntry entry, int indent)
    {
        text.Append(Scalar(entry.Key)).Append(':');
        WriteValue(text, entry.Value, indent);
    }

    private static void WriteValue(StringBuilder text, YamlNode value, int indent)
    {
        switch (value)
        {
            case YamlScalar scalar:
                text.Append(' ').Append(Scalar(scalar)).Append('\n');
                break;
            case YamlMapping { Entries.Count: 0 }:
                text.Append(" {}\n");
                break;
            case YamlMapping mapping:
                text.Append('\n');
                Write(text, mapping, indent + IndentWidth);
                break;
            case YamlSequence { Items.Count: 0 }:
                text.Append(" []\n");
                break;
            case YamlSequence sequence:
                text.Append('\n');
                foreach (var item in sequence.Items)
                {
                    WriteItem(text, item, indent);
                }
                break;
        }
    }

    /// <summary>An item of a list.</summary>
    public static void WriteItem(StringBuilder text, YamlNode item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item is not YamlMapping { Entries.Count: > 0 } mapping)
        {
            WriteValue(text, item, indent + IndentWidth);
            return;
        }
        text.Append(' ');
        WriteEntry(text, mapping.Entries[0], indent + IndentWidth);
        foreach (var entry in mapping.Entries.Skip(1))
        {
            text.Append(' ', indent + IndentWidth);
            WriteEntry(text, entry, indent + IndentWidth);
        }
    }

    private static string Scalar(YamlScalar scalar)
    {
        if (scalar.Style is ScalarStyle.Plain or ScalarStyle.Any && !scalar.Text.Contains('\n', StringComparison.Ordinal))
        {
            return scalar.Text;
        }
        return scalar.Text.AsSpan().ContainsAny('\n', '\t', '\r') ? Storage.Text.GoQuote.Quote(scalar.Text)
            : $"'{scalar.Text.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
