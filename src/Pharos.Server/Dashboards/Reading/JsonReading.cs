using System.Globalization;
using System.Text.Json.Nodes;

namespace Pharos.Server.Dashboards.Reading;

/// <summary>Forgiving access to dashboard JSON: numbers may be strings, and nearly every key may be missing.</summary>
internal static class JsonReading
{
    public static string Text(this JsonNode? node, string name, string otherwise = "") =>
        node is JsonObject o && o[name] is JsonValue value
            ? value.TryGetValue<string>(out var text) ? text : value.ToString() : otherwise;

    public static double? Number(this JsonNode? node, string name)
    {
        if (node is not JsonObject o || o[name] is not JsonValue value)
        {
            return null;
        }
        if (value.TryGetValue<double>(out var number))
        {
            return number;
        }
        return value.TryGetValue<string>(out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : null;
    }

    public static int Int(this JsonNode? node, string name, int otherwise = 0) =>
        node.Number(name) is { } number ? (int)number : otherwise;

    public static bool Flag(this JsonNode? node, string name, bool otherwise = false) =>
        node is JsonObject o && o[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    public static JsonObject? Object(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    public static IEnumerable<JsonObject> Objects(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonArray array ? array.OfType<JsonObject>() : [];

    public static IReadOnlyList<string> Texts(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonArray array ? [.. array.Where(item => item is not null).Select(item => item!.ToString())] : [];
}
