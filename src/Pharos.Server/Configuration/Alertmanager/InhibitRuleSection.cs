using Pharos.Alerting.Inhibition;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>inhibit_rules</c>.</summary>
internal static class InhibitRuleSection
{
    public static InhibitRuleOptions Read(YamlMappingReader map)
    {
        var rule = new InhibitRuleOptions
        {
            Name = map.Text("name"),
            SourceMatchers = MatcherKeys.Read(map, "source_"),
            TargetMatchers = MatcherKeys.Read(map, "target_"),
            Equal = map.Texts("equal"),
        };
        map.ErrorUnless(!rule.Equal.Contains(""), "equal", "invalid label name \"\" in equal list");
        map.Done();
        return rule;
    }
}
