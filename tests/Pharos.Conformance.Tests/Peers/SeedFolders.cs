using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>The folders that hold a whole system's configuration: the pack of this repository, and the seed beside the checkout.</summary>
internal static class SeedFolders
{
    private static readonly DirectoryInfo Root = FindRoot();

    public static string Pack { get; } = Path.Combine(Root.FullName, "packs", "progressive-framework");

    /// <summary>The seed, or null where it does not lie beside the checkout.</summary>
    public static string? Seed { get; } = Root.Parent is { } parent && Path.Combine(parent.FullName, "shared", "seed") is var path
        && Directory.Exists(path) ? path : null;

    /// <summary>Every query of a folder's rules, dashboards, objectives and performance queries.</summary>
    public static IEnumerable<string> Queries(string folder) =>
        Directory.EnumerateFiles(Path.Combine(folder, "rules"), "*.yml")
            .Append(Path.Combine(folder, "slos.yml")).Append(Path.Combine(folder, "performance-queries.yml"))
            .SelectMany(file => Expressions(Yaml(file)))
            .Concat(Directory.EnumerateFiles(Path.Combine(folder, "dashboards"), "*.json").SelectMany(DashboardQueries));

    /// <summary>The label sets of all alerting rules, <c>alertname</c> included.</summary>
    public static IEnumerable<Dictionary<string, string>> Alerts(string folder) =>
        Directory.EnumerateFiles(Path.Combine(folder, "rules"), "*.yml").SelectMany(file => Mappings(Yaml(file)))
            .Where(rule => rule.Children.ContainsKey("alert"))
            .Select(rule => ((YamlMappingNode)rule["labels"]).Append(KeyValuePair.Create<YamlNode, YamlNode>("alertname", rule["alert"]))
                .ToDictionary(label => Text(label.Key), label => Text(label.Value), StringComparer.Ordinal));

    private static IEnumerable<string> Expressions(YamlNode root) => Mappings(root).SelectMany(mapping => mapping.Children)
        .Where(entry => Text(entry.Key) is "expr" or "query" && entry.Value is YamlScalarNode).Select(entry => Text(entry.Value));

    private static IEnumerable<YamlMappingNode> Mappings(YamlNode root) => root.AllNodes.OfType<YamlMappingNode>();

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static YamlNode Yaml(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(file)));
        return stream.Documents[0].RootNode;
    }

    private static IEnumerable<string> DashboardQueries(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. DashboardQueries(json.RootElement)];
    }

    private static IEnumerable<string> DashboardQueries(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "expr" ? [property.Value.GetString()!] : DashboardQueries(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(DashboardQueries),
        _ => [],
    };

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        return folder ?? throw new DirectoryNotFoundException("No Pharos.slnx above the test's folder.");
    }
}
