using System.Text.Json;

namespace Pharos.Collection.Discovery;

/// <summary>Reads the answers of APIs leniently: what is absent is an undefined element, an empty text or an empty list.</summary>
internal static class JsonFields
{
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement Get(this JsonElement element, string first, string second) => element.Get(first).Get(second);

    public static bool IsPresent(this JsonElement element) =>
        element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A text as it is, a number or flag as JSON writes it, anything else as the empty text.</summary>
    public static string Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => "",
    };

    public static string Text(this JsonElement element, string name) => element.Get(name).Text();

    public static string Text(this JsonElement element, string first, string second) => element.Get(first, second).Text();

    public static bool IsTrue(this JsonElement element) => element.ValueKind == JsonValueKind.True;

    public static long Number(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : 0;

    public static IEnumerable<JsonElement> Items(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                yield return item;
            }
        }
    }

    /// <summary>The items of what must be a list: an answer that is something else says nothing about targets.</summary>
    public static IEnumerable<JsonElement> RequiredItems(this JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? element.Items() : throw new FormatException($"expected a list, found {element.ValueKind}");

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.Get(name).Items();

    public static IEnumerable<JsonProperty> Members(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                yield return member;
            }
        }
    }
}
