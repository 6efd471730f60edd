using Pharos.Collection.Discovery;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Files;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Prometheus.Discovery;
using Pharos.Server.Configuration.Promtail.Stages;
using Pharos.Server.Configuration.Promtail.Targets;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>Reads one entry of promtail.yml's <c>scrape_configs</c>.</summary>
internal sealed class ShipJobSection(PromtailReading surroundings)
{
    private readonly DiscoverySection _discoveries = new(surroundings.Environment);

    public ShipJobOptions Read(YamlMappingReader map)
    {
        var relabel = RelabelSection.ReadList(map, "relabel_configs", "target relabeling rule in scrape config", legacyNames: true);
        var (packed, delay) = ReadPacking(map);
        var discoveries = ReadDiscoveries(map);
        map.Text("entry_parser");
        if (map.NotHonoured("consulagent_sd_configs", "a Consul agent's own list is not asked; consul_sd_configs asks the catalog") is { } agents)
        {
            foreach (var agent in agents.AsList())
            {
                agent.AsMapping();
            }
        }
        var job = new ShipJobOptions
        {
            JobName = map.Text("job_name"),
            Stages = new StageList(surroundings.Time).Read(map, "pipeline_stages"),
            RelabelRules = relabel,
            Discoveries = discoveries,
            Encoding = ReadEncoding(map),
            Packed = packed,
            PackedDelay = delay,
            Sources = TargetSections.ReadAll(map),
        };
        map.Done();
        return job;
    }

    /// <summary>A static group may name no address: its labels alone make a target.</summary>
    private IReadOnlyList<DiscoveryOptions> ReadDiscoveries(YamlMappingReader map) =>
        [.. _discoveries.ReadAll(map, [new() { TargetLabel = TargetGroup.AddressLabel }])
            .Select(static options => options is StaticDiscoveryOptions statics ? new StaticDiscoveryOptions(
                [.. statics.Groups.Select(static group => group.Targets.Count > 0 ? group
                    : TargetGroup.FromAddresses(group.Source, ["localhost"], group.Labels))]) : options)];

    private static string ReadEncoding(YamlMappingReader map)
    {
        var name = map.Text("encoding");
        if (name.Length > 0 && !FileEncoding.IsKnown(name))
        {
            map.Find("encoding")!.Error($"{YamlValue.Echo(name)} is no encoding that is known here by its IANA name");
        }
        return name;
    }

    private static (PackedFormat Format, TimeSpan Delay) ReadPacking(YamlMappingReader map)
    {
        if (map.Mapping("decompression") is not { } section)
        {
            return (PackedFormat.None, TimeSpan.Zero);
        }
        var enabled = section.Flag("enabled");
        var delay = PromtailValues.Duration(section, "initial_delay") ?? TimeSpan.Zero;
        var format = section.Text("format") switch
        {
            "gz" => PackedFormat.Gzip,
            "z" => PackedFormat.Zlib,
            "bz2" => PackedFormat.Bzip2,
            _ => PackedFormat.None,
        };
        if (enabled && format == PackedFormat.None)
        {
            section.ErrorAt("format", "decompression needs a format: gz, z or bz2");
        }
        section.Done();
        return (enabled ? format : PackedFormat.None, delay);
    }
}
