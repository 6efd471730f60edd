using Pharos.Collection.Relabeling;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads a list of relabel rules.</summary>
internal static class RelabelSection
{
    /// <param name="what">What Prometheus calls such a rule: "target relabeling rule in scrape config".</param>
    public static IReadOnlyList<RelabelRule> ReadList(YamlMappingReader section, string key, string what, bool legacyNames)
    {
        var rules = new List<RelabelRule>();
        foreach (var item in section.List(key))
        {
            if (item.IsNull)
            {
                item.Error($"empty or null {what}");
            }
            else if (item.AsMapping() is { } map && Read(map, legacyNames) is { } rule)
            {
                rules.Add(rule);
            }
        }
        return rules;
    }

    private static RelabelRule? Read(YamlMappingReader map, bool legacyNames)
    {
        var regex = map.Find("regex");
        var compiled = regex is null ? null : ReadRegex(regex);
        var action = ReadAction(map);
        var sourceLabels = ReadSourceLabels(map, legacyNames);
        var separator = map.Text("separator", RelabelRule.DefaultSeparator);
        var modulus = (ulong)map.Count("modulus");
        var target = map.Text("target_label");
        var replacement = map.Text("replacement", RelabelRule.DefaultReplacement);
        map.Done();
        if (action is null || (regex is not null && compiled is null))
        {
            return null;
        }
        var rule = new RelabelRule
        {
            SourceLabels = sourceLabels,
            Separator = separator,
            Regex = compiled ?? GoRegex.Anchored(RelabelRule.DefaultPattern),
            Modulus = modulus,
            TargetLabel = target,
            Replacement = replacement,
            Action = action.Value,
            LegacyNames = legacyNames,
        };
        if (rule.Validate() is { } fault)
        {
            map.Owner.Error(fault);
            return null;
        }
        return rule;
    }

    private static GoRegex? ReadRegex(YamlValue value)
    {
        if (value.AsText() is not { } pattern)
        {
            return null;
        }
        try
        {
            return GoRegex.Anchored(pattern);
        }
        catch (GoRegexException e)
        {
            value.Error(e.Message);
            return null;
        }
    }

    private static RelabelAction? ReadAction(YamlMappingReader map)
    {
        if (map.FindEvenNull("action") is not { } value)
        {
            return RelabelAction.Replace;
        }
        if (value.AsText() is not { } name)
        {
            return null;
        }
        if (name.Length == 0)
        {
            value.Error("relabel action cannot be empty");
            return null;
        }
        foreach (var action in Enum.GetValues<RelabelAction>())
        {
            if (string.Equals(action.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                return action;
            }
        }
        var nearest = NearestKey.Find(name, Enum.GetNames<RelabelAction>())?.ToLowerInvariant();
        value.Error($"unknown relabel action {YamlValue.Echo(name)}{(nearest is null ? "" : $"; did you mean \"{nearest}\"?")}");
        return null;
    }

    private static List<string> ReadSourceLabels(YamlMappingReader map, bool legacyNames)
    {
        var names = new List<string>();
        foreach (var item in map.List("source_labels"))
        {
            if (item.AsText() is not { } name)
            {
                continue;
            }
            if (LabelNames.IsValid(name, legacyNames))
            {
                names.Add(name);
            }
            else
            {
                item.Error($"{YamlValue.Echo(name)} is not a valid label name");
            }
        }
        return names;
    }
}
