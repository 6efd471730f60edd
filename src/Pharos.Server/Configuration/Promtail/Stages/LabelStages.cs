using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Labelling;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads the stages that set and take away labels.</summary>
internal static class LabelStages
{
    public static StageFactory? ReadLabels(YamlValue section, StageList list) =>
        ReadSources(section, "label") is { } sources ? _ => new LabelsStage(sources) : null;

    public static StageFactory? ReadMetadata(YamlValue section, StageList list) =>
        ReadSources(section, "structured metadata") is { } sources ? _ => new StructuredMetadataStage(sources) : null;

    public static StageFactory ReadAllow(YamlValue section, StageList list)
    {
        var names = ReadNames(section, "labelallow");
        return _ => new LabelAllowStage(names);
    }

    public static StageFactory ReadDrop(YamlValue section, StageList list)
    {
        var names = ReadNames(section, "labeldrop");
        return _ => new LabelDropStage(names);
    }

    public static StageFactory? ReadStatic(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in map.AllEntries())
        {
            if (IsName(name, value) && !value.IsNull && value.AsText() is { Length: > 0 } text)
            {
                labels.Add(new(name, text));
            }
        }
        return _ => new StaticLabelsStage(labels);
    }

    public static StageFactory? ReadTenant(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var label = PromtailValues.OptionalText(map, "label");
        var source = PromtailValues.OptionalText(map, "source");
        var value = PromtailValues.OptionalText(map, "value");
        if (label is null && source is null && value is null)
        {
            section.Error("label, source or value config are required");
        }
        else if ((label is null ? 0 : 1) + (source is null ? 0 : 1) + (value is null ? 0 : 1) > 1)
        {
            section.Error("label, source and value are mutually exclusive: you should set source, value or label but not all");
        }
        map.Done();
        return _ => new TenantStage(source, label, value);
    }

    private static List<KeyValuePair<string, string>>? ReadSources(YamlValue section, string what)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var sources = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in map.AllEntries())
        {
            if (IsName(name, value))
            {
                sources.Add(new(name, value.AsText() is { Length: > 0 } source ? source : name));
            }
        }
        if (sources.Count == 0 && !section.Reading.HasErrors)
        {
            section.Error($"{what} stage config cannot be empty");
        }
        return sources;
    }

    private static List<string> ReadNames(YamlValue section, string what)
    {
        var names = section.AsList().Select(static item => item.AsText()).OfType<string>().ToList();
        if (names.Count == 0 && !section.Reading.HasErrors)
        {
            section.Error($"{what} stage config cannot be empty");
        }
        return names;
    }

    private static bool IsName(string name, YamlValue value)
    {
        if (MetricNames.IsLegacyValidLabel(name))
        {
            return true;
        }
        value.Error($"invalid label name: {YamlValue.Echo(name)}");
        return false;
    }
}
