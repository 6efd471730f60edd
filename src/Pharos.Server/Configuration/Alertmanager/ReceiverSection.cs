using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>receivers</c>.</summary>
internal sealed class ReceiverSection(AlertmanagerGlobal global)
{
    private const string NameLabel = "name";

    public ReceiverConfig Read(YamlMappingReader map)
    {
        var name = map.Text("name");
        map.ErrorUnless(name.Length > 0, "name", "missing name in receiver");
        var receiver = new ReceiverConfig
        {
            Name = name,
            Labels = ReadLabels(map, name),
            Integrations = [.. IntegrationKinds.All.SelectMany(kind => ReadKind(map, kind))],
        };
        map.Done();
        return receiver;
    }

    private static LabelSet ReadLabels(YamlMappingReader map, string name)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (label, value) in map.Entries("labels"))
        {
            if (label.Length == 0)
            {
                value.Error("invalid label name \"\" in receiver labels");
            }
            labels[label] = value.AsText() ?? "";
        }
        labels[NameLabel] = name;
        return LabelSet.From(labels.Where(static pair => pair.Value.Length > 0).Select(static pair => new Label(pair.Key, pair.Value)).ToArray());
    }

    private List<IntegrationConfig> ReadKind(YamlMappingReader map, IntegrationKind kind)
    {
        var integrations = new List<IntegrationConfig>();
        foreach (var item in map.List($"{kind.Name}_configs"))
        {
            if (item.IsNull)
            {
                item.Error($"missing {kind.Name} config");
                continue;
            }
            if (item.AsMapping() is not { } section)
            {
                continue;
            }
            var http = !kind.IsHttp ? HttpClientConfig.Default
                : section.Find("http_config") is { } own ? HttpClientSection.Read(own) : global.Http;
            integrations.Add(kind.Read(section, global, http) with { Path = item.Path, Line = item.Node.Line, Column = item.Node.Column });
            section.Done();
        }
        return integrations;
    }
}
