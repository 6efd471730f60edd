using Pharos.Collection.Shipping;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>Reads <c>limits_config</c>.</summary>
internal static class LimitsSection
{
    public static ShipReadLimits Read(YamlMappingReader map)
    {
        var enabled = map.Flag("readline_rate_enabled");
        var rate = map.Number("readline_rate", 10_000);
        var limits = new ShipReadLimits
        {
            MaxLineBytes = PromtailValues.Bytes(map, "max_line_size") ?? 0,
            TruncateLines = map.Flag("max_line_size_truncate"),
            LinesPerSecond = enabled ? rate : null,
            LineBurst = map.Count("readline_burst", 10_000),
            DropsBeyondRate = map.Flag("readline_rate_drop", true),
        };
        map.NotHonoured("max_streams", "streams are limited where they are stored, by loki.yml's max_streams_per_user");
        map.Done();
        return limits;
    }
}
