using Pharos.Alerting.Routing;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads the three ways in which routes and inhibition rules write matchers.</summary>
internal static class MatcherKeys
{
    /// <param name="prefix">Empty in a route; <c>source_</c> or <c>target_</c> in an inhibition rule.</param>
    public static IReadOnlyList<LabelMatcher> Read(YamlMappingReader map, string prefix)
    {
        var matchers = new List<LabelMatcher>();
        ReadMap(map, $"{prefix}match", MatchType.Equal, matchers);
        ReadMap(map, $"{prefix}match_re", MatchType.Regex, matchers);
        foreach (var item in map.List($"{prefix}matchers"))
        {
            if (item.AsText() is not { } text)
            {
                continue;
            }
            var result = MatcherParser.ParseAll(text);
            if (result.Error is { } error)
            {
                item.Error(error);
            }
            if (result.Warning is { } warning)
            {
                item.Warning(warning);
            }
            matchers.AddRange(result.Matchers);
        }
        return matchers;
    }

    private static void ReadMap(YamlMappingReader map, string key, MatchType type, List<LabelMatcher> matchers)
    {
        foreach (var (name, value) in map.Entries(key))
        {
            // The two older forms take no other names; UTF-8 ones go with matchers.
            if (!MetricNames.IsLegacyValidLabel(name))
            {
                value.Error($"invalid label name {YamlValue.Echo(name)}");
                continue;
            }
            if (type == MatchType.Regex && value.IsNull)
            {
                value.Error($"invalid regexp value for {YamlValue.Echo(name)}");
                continue;
            }
            if (value.AsText() is not { } text)
            {
                continue;
            }
            try
            {
                // As Alertmanager shows the older form of an expression: it is a part of group keys.
                matchers.Add(new LabelMatcher(type, name, type is MatchType.Regex ? $"^(?:{text})$" : text, dotMatchesNewline: false));
            }
            catch (GoRegexException e)
            {
                value.Error(e.Message);
            }
        }
    }
}
