using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery;

/// <summary>Reads a JSON target file: <c>[{"targets": ["host:port"], "labels": {"name": "value"}}]</c>.</summary>
internal static class JsonTargetFile
{
    /// <summary>A file beyond this is refused, not read.</summary>
    public const long MaxFileBytes = 64 << 20;

    public static TargetFileResult Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                return TargetFileResult.Failed($"{path}: larger than {MaxFileBytes} bytes");
            }
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var groups = new List<TargetGroup>();
            foreach (var element in document.RootElement.EnumerateArray())
            {
                groups.Add(ReadGroup(element, $"{path}:{groups.Count}"));
            }
            return TargetFileResult.Read(groups);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or FormatException)
        {
            return TargetFileResult.Failed($"{path}: {fault.Message}");
        }
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
                    addresses.AddRange(property.Value.EnumerateArray().Select(RequireText));
                    break;
                case "labels":
                    foreach (var label in property.Value.EnumerateObject())
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
