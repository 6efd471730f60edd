using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads the few durations that Alertmanager takes in Go's own form, <c>1.5s</c> or <c>500ms</c>, not in
/// Prometheus' form.</summary>
internal static class GoDurationValue
{
    public static TimeSpan Read(YamlMappingReader map, string key, TimeSpan otherwise = default)
    {
        if (map.Find(key) is not { } value || value.AsText() is not { } text)
        {
            return otherwise;
        }
        if (GoDuration.TryParse(text, out var duration))
        {
            return duration;
        }
        value.Error($"time: invalid duration {YamlValue.Echo(text)}: numbers with units such as 500ms, 1.5s or 1h30m");
        return otherwise;
    }

    /// <summary>A bound of an attempt; zero and absent ones are none.</summary>
    public static TimeSpan? ReadTimeout(YamlMappingReader map) => Read(map, "timeout") is var timeout && timeout > TimeSpan.Zero ? timeout : null;
}
