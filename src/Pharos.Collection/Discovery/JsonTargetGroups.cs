using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery;

/// <summary>Reads target groups as files and HTTP answers write them in JSON:
/// <c>[{"targets": ["host:port"], "labels": {"name": "value"}}]</c>.</summary>
internal static class JsonTargetGroups
{
    /// <param name="sourcePrefix">Stands before each group's index in its source.</param>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    /// <exception cref="FormatException">The JSON is no list of target groups.</exception>
    public static IReadOnlyList<TargetGroup> Parse(ReadOnlyMemory<byte> json, string sourcePrefix)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"expected a list of target groups, found {document.RootElement.ValueKind}");
        }
        var groups = new List<TargetGroup>();
        foreach (var element in document.RootElement.EnumerateArray())
        {
            groups.Add(ReadGroup(element, $"{sourcePrefix}{groups.Count}"));
        }
        return groups;
    }

    private static TargetGroup ReadGroup(JsonElement element, string source)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("nil target group item found");
        }
        var addresses = new List<string>();
        var labels = new LabelSetBuilder();
        foreach (var property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "targets":
                    addresses.AddRange(property.Value.Items().Select(RequireText));
                    break;
                case "labels":
                    foreach (var label in property.Value.Members())
                    {
                        labels.Set(label.Name, RequireText(label.Value));
                    }
                    break;
                default:
                    throw new FormatException($"unknown field \"{property.Name}\"");
            }
        }
        return TargetGroup.FromAddresses(source, addresses, labels.Build());
    }

    private static string RequireText(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new FormatException(
            $"expected a string, found {element.GetRawText()}");
}
