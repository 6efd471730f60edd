using System.Globalization;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>Values in the forms that promtail.yml has them.</summary>
internal static class PromtailValues
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("", 1), ("B", 1), ("K", 1L << 10), ("KB", 1L << 10), ("KIB", 1L << 10), ("M", 1L << 20), ("MB", 1L << 20), ("MIB", 1L << 20),
        ("G", 1L << 30), ("GB", 1L << 30), ("GIB", 1L << 30), ("T", 1L << 40), ("TB", 1L << 40), ("TIB", 1L << 40),
    ];

    /// <summary>A duration of Go's or Prometheus' form; null where the key is absent or wrong.</summary>
    public static TimeSpan? Duration(YamlMappingReader map, string key)
    {
        if (map.Find(key) is not { } value || value.AsText() is not { } text)
        {
            return null;
        }
        if (GoDuration.TryParse(text, out var duration) || PrometheusDuration.TryParse(text, out duration))
        {
            return duration;
        }
        value.Error($"time: invalid duration {YamlValue.Echo(text)}: numbers with units such as 500ms, 1.5s or 1h30m");
        return null;
    }

    /// <summary>A duration above zero.</summary>
    public static TimeSpan Period(YamlMappingReader map, string key, TimeSpan otherwise) =>
        Duration(map, key) is { } period && period > TimeSpan.Zero ? period : otherwise;

    /// <summary>Bytes with or without a unit that counts by 1024; null where the key is absent or wrong.</summary>
    public static long? Bytes(YamlMappingReader map, string key)
    {
        if (map.Find(key) is not { } value || value.AsText() is not { } text)
        {
            return null;
        }
        var digits = text.AsSpan().IndexOfAnyExcept("0123456789.");
        var number = digits < 0 ? text : text[..digits];
        var unit = digits < 0 ? "" : text[digits..].Trim().ToUpperInvariant();
        var scale = Array.Find(Units, row => row.Unit == unit).Bytes;
        if (scale > 0 && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount * scale < long.MaxValue)
        {
            return (long)(amount * scale);
        }
        value.Error($"{YamlValue.Echo(text)} is no size such as 256KB or 1024");
        return null;
    }

    public static LabelSet Labels(YamlMappingReader map, string key)
    {
        var labels = new LabelSetBuilder();
        foreach (var (name, value) in map.Entries(key))
        {
            if (!MetricNames.IsLegacyValidLabel(name))
            {
                value.Error($"{YamlValue.Echo(name)} is not a valid label name");
            }
            else if (value.AsText() is { } text)
            {
                labels.Set(name, text);
            }
        }
        return labels.Build();
    }

    /// <summary>An expression in RE2's dialect; null where the key is absent or wrong.</summary>
    public static GoRegex? Regex(YamlMappingReader map, string key) => map.Find(key) is { } value ? Regex(value) : null;

    public static GoRegex? Regex(YamlValue value)
    {
        if (value.AsText() is not { } pattern)
        {
            return null;
        }
        try
        {
            return GoRegex.Unanchored(pattern);
        }
        catch (GoRegexException e)
        {
            value.Error(e.Message);
            return null;
        }
    }

    /// <summary>The text of a key, or null where it is absent or empty.</summary>
    public static string? OptionalText(YamlMappingReader map, string key) => map.Text(key) is { Length: > 0 } text ? text : null;
}
