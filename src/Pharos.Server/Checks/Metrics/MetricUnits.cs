namespace Pharos.Server.Checks.Metrics;

/// <summary>The units that a metric's name may hold, and the base unit that each should be (promlint of Prometheus' Go client).</summary>
internal static class MetricUnits
{
    /// <summary>Short forms that a name should spell out.</summary>
    public static readonly IReadOnlyList<string> Abbreviations =
        ["s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"];

    private static readonly string[] Prefixes =
    [
        "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mibi", "giga", "gibi",
        "tera", "tebi", "peta", "pebi",
    ];

    private static readonly Dictionary<string, string> Base = new(StringComparer.Ordinal)
    {
        ["amperes"] = "amperes", ["bytes"] = "bytes", ["celsius"] = "celsius", ["grams"] = "grams", ["joules"] = "joules",
        ["kelvin"] = "kelvin", ["meters"] = "meters", ["metres"] = "metres", ["seconds"] = "seconds", ["volts"] = "volts",
        ["minutes"] = "seconds", ["hours"] = "seconds", ["days"] = "seconds", ["weeks"] = "seconds",
        ["kelvins"] = "kelvin", ["fahrenheit"] = "celsius", ["rankine"] = "celsius",
        ["inches"] = "meters", ["yards"] = "meters", ["miles"] = "meters", ["bits"] = "bytes", ["calories"] = "joules",
        ["pounds"] = "grams", ["ounces"] = "grams",
    };

    /// <summary>The first word of a name that is a unit, with or without a prefix; null where none is.</summary>
    public static (string Unit, string Base)? Find(string name)
    {
        foreach (var word in name.Split('_'))
        {
            if (Base.TryGetValue(word, out var known))
            {
                return (word, known);
            }
            foreach (var prefix in Prefixes)
            {
                if (word.StartsWith(prefix, StringComparison.Ordinal) && Base.TryGetValue(word[prefix.Length..], out known))
                {
                    return (word, known);
                }
            }
        }
        return null;
    }
}
