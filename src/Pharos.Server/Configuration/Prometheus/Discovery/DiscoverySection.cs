using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads <c>static_configs</c> and every <c>*_sd_configs</c>. A mechanism that cannot run here is read as strictly,
/// becomes an unavailable discovery, and leaves its job's others running.</summary>
internal sealed class DiscoverySection(ConfigEnvironment environment)
{
    public IReadOnlyList<DiscoveryOptions> ReadAll(YamlMappingReader map, IReadOnlyList<RelabelRule> relabelRules)
    {
        var found = new List<DiscoveryOptions>();
        if (map.Find("static_configs") is { } statics)
        {
            var checkAddresses = !relabelRules.Any(rule => rule.TargetLabel == TargetGroup.AddressLabel);
            found.Add(new StaticDiscoveryOptions(TargetGroupSection.ReadList(statics, "", checkAddresses)));
        }
        foreach (var schema in DiscoverySchemas.All)
        {
            foreach (var entry in map.List($"{schema.Kind}_sd_configs"))
            {
                if (ReadEntry(schema, entry) is { } options)
                {
                    found.Add(options);
                }
            }
        }
        return found;
    }

    private DiscoveryOptions? ReadEntry(DiscoverySchema schema, YamlValue entry)
    {
        if (entry.IsNull)
        {
            entry.Error($"empty or null section in {schema.Kind}_sd_configs");
            return null;
        }
        if (entry.AsMapping() is not { } map)
        {
            return null;
        }
        schema.Read(map);
        var http = schema.HasHttpKeys ? HttpClientSection.ReadKeys(map) : HttpClientConfig.Default;
        var options = schema.Options?.Invoke(new DiscoveryEntry(map, http, environment))
            ?? UnavailableDiscoveryOptions.For(schema.Kind, environment.InsideCluster);
        map.Done();
        if (options is UnavailableDiscoveryOptions unavailable)
        {
            entry.NotHonoured($"{schema.Kind} discovery finds no targets: {unavailable.Reason}");
        }
        return options;
    }
}
