using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Rules;

/// <summary>Reads the labels or annotations of a rule, or the labels of a group.</summary>
internal static class RuleLabels
{
    /// <param name="what">"label" or "annotation", for messages; only a label cannot be <c>__name__</c>.</param>
    public static IReadOnlyList<Label> Read(YamlMappingReader map, string key, string what, bool legacyNames)
    {
        var labels = new List<Label>();
        foreach (var (name, value) in map.Entries(key))
        {
            if (!LabelNames.IsValid(name, legacyNames) || (what == "label" && name == Label.MetricName))
            {
                value.Error($"invalid {what} name: {name}");
            }
            else if (value.AsText() is { } text)
            {
                labels.Add(new Label(name, text));
            }
        }
        return labels;
    }
}
