namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>UCUM's short units in the words that names of metrics use.</summary>
/// <remarks>The tables are those of Prometheus' otlptranslator.</remarks>
internal static class UnitNames
{
    private static readonly Dictionary<string, string> Main = new(StringComparer.Ordinal)
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds", ["ms"] = "milliseconds", ["us"] = "microseconds",
        ["ns"] = "nanoseconds", ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes",
        ["TiBy"] = "tibibytes", ["KBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes", ["TBy"] = "terabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams",
        ["Cel"] = "celsius", ["Hz"] = "hertz", ["1"] = "", ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> Per = new(StringComparer.Ordinal)
    {
        ["s"] = "second", ["m"] = "minute", ["h"] = "hour", ["d"] = "day", ["w"] = "week", ["mo"] = "month", ["y"] = "year",
    };

    /// <summary>The two parts of a unit such as <c>By/s</c>: "bytes" and "per_second"; empty where there is none. A part
    /// with braces is a remark and no unit.</summary>
    public static (string Main, string Per) Suffixes(string unit)
    {
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        var main = (slash < 0 ? unit : unit[..slash]).Trim();
        main = main.Length == 0 || main.AsSpan().ContainsAny('{', '}') ? "" : Main.GetValueOrDefault(main, main);
        if (slash < 0)
        {
            return (main, "");
        }
        var per = unit[(slash + 1)..].Trim();
        if (per.Length == 0 || per.AsSpan().ContainsAny('{', '}'))
        {
            return (main, "");
        }
        per = Per.GetValueOrDefault(per, per);
        return (main, per.Length == 0 ? "" : "per_" + per);
    }

    /// <summary>The unit as metadata tells it: "bytes_per_second".</summary>
    public static string Whole(string unit)
    {
        var (main, per) = Suffixes(unit);
        (main, per) = (Clean(main), Clean(per).TrimEnd('_'));
        return per.Length == 0 ? main : main.Length == 0 ? per : $"{main}_{per}";
    }

    /// <summary>Without characters that a legacy name does not have, and without underscores around.</summary>
    public static string Clean(string unit)
    {
        var clean = new System.Text.StringBuilder(unit.Length);
        foreach (var c in unit)
        {
            var next = char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_';
            if (next != '_' || (clean.Length > 0 && clean[^1] != '_'))
            {
                clean.Append(next);
            }
        }
        return clean.ToString();
    }
}
