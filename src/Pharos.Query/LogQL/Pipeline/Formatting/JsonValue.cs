using System.Text.Json;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Values;

namespace Pharos.Query.LogQL.Pipeline.Formatting;

/// <summary>JSON as values of templates: every number is a float.</summary>
internal static class JsonValue
{
    private const int MaxDepth = 64;

    /// <exception cref="TemplateException">The text is no JSON.</exception>
    public static TemplateValue Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Of(document.RootElement);
        }
        catch (JsonException problem)
        {
            throw new TemplateException(problem.Message);
        }
    }

    private static TemplateValue Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var entries = new SortedList<string, TemplateValue>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    entries[property.Name] = Of(property.Value);
                }
                return new TemplateMap(TemplateType.AnyMap, entries, TemplateValue.None);
            case JsonValueKind.Array:
                return new TemplateList(TemplateType.AnyList, [.. element.EnumerateArray().Select(Of)]);
            case JsonValueKind.String:
                return element.GetString()!;
            case JsonValueKind.Number:
                return element.GetDouble();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return TemplateValue.None;
        }
    }
}
