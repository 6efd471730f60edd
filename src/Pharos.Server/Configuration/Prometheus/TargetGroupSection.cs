using Pharos.Collection.Discovery;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads target groups as <c>static_configs</c> and target files write them.</summary>
internal static class TargetGroupSection
{
    /// <param name="sourcePrefix">Stands before each group's index in its source.</param>
    /// <param name="checkAddresses">Whether an address that could only be a URL is an error: no relabel rule makes another of it.</param>
    public static IReadOnlyList<TargetGroup> ReadList(YamlValue list, string sourcePrefix, bool checkAddresses)
    {
        var groups = new List<TargetGroup>();
        foreach (var item in list.AsList())
        {
            if (item.IsNull)
            {
                item.Error("empty or null section in static_configs");
            }
            else if (item.AsMapping() is { } map)
            {
                groups.Add(Read(map, $"{sourcePrefix}{groups.Count}", checkAddresses));
            }
        }
        return groups;
    }

    private static TargetGroup Read(YamlMappingReader map, string source, bool checkAddresses)
    {
        var addresses = new List<string>();
        foreach (var item in map.List("targets"))
        {
            if (item.AsText() is not { } address)
            {
                continue;
            }
            if (checkAddresses && address.Contains('/', StringComparison.Ordinal))
            {
                item.Error($"{YamlValue.Echo(address)} is not a valid hostname; write host:port, and use scheme and metrics_path");
            }
            addresses.Add(address);
        }
        var labels = new LabelSetBuilder();
        foreach (var (name, value) in map.Entries("labels", wantedKeys: "a valid label name"))
        {
            if (name.Length == 0)
            {
                value.Error("\"\" is not a valid label name");
            }
            else if (value.AsText("a valid label value") is { } text)
            {
                labels.Set(name, text);
            }
        }
        map.Done();
        return TargetGroup.FromAddresses(source, addresses, labels.Build());
    }
}
