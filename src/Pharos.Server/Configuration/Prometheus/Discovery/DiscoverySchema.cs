using Pharos.Collection.Discovery;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>What may stand in one kind of <c>*_sd_configs</c>: its keys, which of them are needed, and which values they take.</summary>
/// <param name="Kind">The key without <c>_sd_configs</c>.</param>
/// <param name="Keys">Blank-separated. Durations end in <c>interval</c> or <c>timeout</c>; <c>port</c> is a number.</param>
internal sealed record DiscoverySchema(string Kind, string Keys)
{
    /// <summary>Whether the keys of <c>http_config</c> stand among the others.</summary>
    public bool HasHttpKeys { get; init; } = true;

    /// <summary>Keys that must be there, with what Prometheus says where one is not.</summary>
    public IReadOnlyList<(string Key, string Message)> Required { get; init; } = [];

    /// <summary>Keys with a closed list of values, blank-separated, and what Prometheus says of another; <c>{0}</c> is the value.</summary>
    public IReadOnlyList<(string Key, string Values, string Message)> OneOf { get; init; } = [];

    /// <summary>What cannot be said by the above.</summary>
    public Action<YamlMappingReader>? Check { get; init; }

    /// <summary>Makes the options of a mechanism that runs here; null for one that does not.</summary>
    public Func<DiscoveryEntry, DiscoveryOptions>? Options { get; init; }

    public void Read(YamlMappingReader map)
    {
        foreach (var key in Keys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = map.Find(key);
            if (value is null)
            {
                continue;
            }
            if (key.EndsWith("interval", StringComparison.Ordinal) || key.EndsWith("timeout", StringComparison.Ordinal))
            {
                value.AsDuration();
            }
            else if (key == "port")
            {
                value.AsInteger();
            }
        }
        foreach (var (key, message) in Required)
        {
            if (!map.Has(key) || map.Find(key)!.Node is YamlScalar { Text: "" })
            {
                map.ErrorAt(key, message);
            }
        }
        foreach (var (key, values, message) in OneOf)
        {
            if (map.Find(key) is { } value && value.AsText() is { Length: > 0 } text &&
                !values.Split(' ').Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                value.Error(message.Replace("{0}", text, StringComparison.Ordinal));
            }
        }
        Check?.Invoke(map);
    }
}
