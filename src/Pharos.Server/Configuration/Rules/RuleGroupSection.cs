using Pharos.Alerting.Rules;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Rules;

/// <summary>Reads the groups of one rule file.</summary>
internal sealed class RuleGroupSection(RuleDefaults defaults)
{
    private readonly Dictionary<string, List<YamlValue>> _sameRules = new(StringComparer.Ordinal);

    public RuleGroupOptions? Read(YamlMappingReader map)
    {
        var name = map.Text("name");
        map.ErrorUnless(name.Length > 0, "name", "Groupname must not be empty");
        var interval = map.Duration("interval");
        var labels = RuleLabels.Read(map, "labels", "label", defaults.LegacyNames);
        var rules = new List<RuleOptions>();
        foreach (var entry in map.List("rules"))
        {
            if (entry.AsMapping() is { } rule && RuleSection.Read(rule, defaults) is { } options)
            {
                rules.Add(options);
                Remember(entry, options);
            }
        }
        var group = new RuleGroupOptions
        {
            File = Path.GetFullPath(map.Reading.File),
            Name = name,
            Interval = interval > TimeSpan.Zero ? interval : defaults.EvaluationInterval,
            Limit = map.Count("limit"),
            QueryOffset = map.OptionalDuration("query_offset") ?? defaults.QueryOffset,
            Labels = labels,
            Rules = rules,
            LogTenant = defaults.LogTenant,
            ExternalLabels = defaults.ExternalLabels,
        };
        if (defaults.LogTenant is not null)
        {
            map.Ignore("results go where all metrics go", "remote_write", "source_tenants");
        }
        map.Done();
        return name.Length > 0 ? group : null;
    }

    /// <summary>Rules with one name and the same labels overwrite each other's series.</summary>
    public void WarnOfDuplicates()
    {
        foreach (var places in _sameRules.Values.Where(places => places.Count > 1))
        {
            foreach (var place in places.Skip(1))
            {
                place.Warning($"duplicate rule: {places[0].Path} in line {places[0].Node.Line} has the same name and labels");
            }
        }
    }

    private void Remember(YamlValue entry, RuleOptions options)
    {
        var name = options is RecordingRuleOptions recording ? recording.Record : ((AlertingRuleOptions)options).Alert;
        var labels = LabelSet.From([.. options.Labels]);
        var key = $"{options.GetType().Name} {name} {labels}";
        if (!_sameRules.TryGetValue(key, out var places))
        {
            _sameRules[key] = places = [];
        }
        places.Add(entry);
    }
}
