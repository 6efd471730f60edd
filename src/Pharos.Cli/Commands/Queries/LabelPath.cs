using System.Globalization;
using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Cli.Commands.Queries;

/// <summary>A label's name as part of a path: those that are not plain are escaped as Prometheus' clients do (<c>U__</c>).</summary>
internal static class LabelPath
{
    public static string Escape(string name)
    {
        if (name.Length == 0 || MetricNames.IsLegacyValidLabel(name))
        {
            return name;
        }
        var escaped = new StringBuilder("U__");
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '_')
            {
                escaped.Append("__");
            }
            else if (rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value))
            {
                escaped.Append(rune);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"_{rune.Value:x}_");
            }
        }
        return escaped.ToString();
    }
}
