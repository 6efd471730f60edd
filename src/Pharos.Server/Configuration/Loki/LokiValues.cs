using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Values in the forms that Loki's files have them in.</summary>
internal static class LokiValues
{
    private const long Megabyte = 1 << 20;

    /// <summary>A duration as Prometheus or as Go writes it; a bare number counts nanoseconds, as in Go.</summary>
    public static TimeSpan LokiDuration(this YamlMappingReader section, string key, TimeSpan otherwise) =>
        section.Find(key)?.Parsed("a duration such as 30s, 5m or 1h30m", ParseDuration) ?? otherwise;

    /// <summary>A size: <c>256KB</c>, <c>4MiB</c>, or a number of bytes.</summary>
    public static long LokiSize(this YamlMappingReader section, string key, long otherwise) =>
        section.Find(key)?.Parsed("a size such as 256KB or 4MB", ParseSize) ?? otherwise;

    /// <summary>A number of megabytes, with decimals.</summary>
    public static long Megabytes(this YamlMappingReader section, string key, long otherwise) =>
        section.Find(key)?.AsNumber() is { } number ? (long)Math.Min(number * Megabyte, long.MaxValue / 2) : otherwise;

    /// <summary>Accepts keys without acting on them and says why.</summary>
    public static void Ignore(this YamlMappingReader section, string why, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            section.FindEvenNull(key);
            section.KeyOf(key)?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured, why);
        }
    }

    private static TimeSpan? ParseDuration(string text) =>
        PrometheusDuration.TryParse(text, out var duration) || GoDuration.TryParse(text, out duration) ? duration
            : YamlScalarTypes.Integer(text) is { } ns ? TimeSpan.FromTicks(ns / TimeSpan.NanosecondsPerTick) : null;

    private static long? ParseSize(string text)
    {
        var size = text.Trim().ToUpperInvariant();
        return YamlScalarTypes.Integer(size) ?? ByteSize.Parse(size.Replace(" ", "", StringComparison.Ordinal).Replace("IB", "iB", StringComparison.Ordinal));
    }
}
