using System.Globalization;
using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Names by an escaping scheme, as Prometheus writes them.</summary>
internal static class NameEscaping
{
    private const string ValuePrefix = "U__";

    /// <summary>The scheme's name in a media type.</summary>
    public static string NameOf(EscapingScheme scheme) => scheme switch
    {
        EscapingScheme.AllowUtf8 => "allow-utf-8",
        EscapingScheme.Dots => "dots",
        EscapingScheme.Values => "values",
        _ => "underscores",
    };

    public static string Escape(string name, EscapingScheme scheme) => scheme switch
    {
        EscapingScheme.AllowUtf8 => name,
        EscapingScheme.Dots => Dots(name),
        _ when MetricNames.IsLegacyValid(name) => name,
        EscapingScheme.Values => Values(name),
        _ => Underscores(name),
    };

    private static string Underscores(string name)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            text.Append(IsAllowed(rune, text.Length == 0) ? (char)rune.Value : '_');
        }
        return text.ToString();
    }

    private static string Dots(string name)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '_')
            {
                text.Append("__");
            }
            else if (rune.Value == '.')
            {
                text.Append("_dot_");
            }
            else
            {
                _ = IsAllowed(rune, text.Length == 0) ? text.Append((char)rune.Value) : text.Append("__");
            }
        }
        return text.ToString();
    }

    private static string Values(string name)
    {
        var text = new StringBuilder(ValuePrefix);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '_')
            {
                text.Append("__");
            }
            else if (IsAllowed(rune, text.Length == ValuePrefix.Length))
            {
                text.Append((char)rune.Value);
            }
            else
            {
                text.Append('_').Append(rune.Value.ToString("x", CultureInfo.InvariantCulture)).Append('_');
            }
        }
        return text.ToString();
    }

    private static bool IsAllowed(Rune rune, bool isFirst) => rune.IsAscii
        && (char.IsAsciiLetter((char)rune.Value) || rune.Value is '_' or ':' || (!isFirst && char.IsAsciiDigit((char)rune.Value)));
}
