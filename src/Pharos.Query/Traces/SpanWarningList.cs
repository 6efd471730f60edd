using System.Text.Json;
using Pharos.Storage.Traces;

namespace Pharos.Query.Traces;

/// <summary>Warnings about a span, which stand in an attribute of it.</summary>
public static class SpanWarningList
{
    /// <summary>As Jaeger 2 calls the attribute; its value is an array of texts.</summary>
    public const string Key = "@jaeger@warnings";

    /// <summary>In the order in which they were given; null where there are none.</summary>
    public static IReadOnlyList<string>? Of(Span span)
    {
        foreach (var attribute in span.Attributes)
        {
            if (attribute.Key == Key)
            {
                return Read(attribute.Value);
            }
        }
        return null;
    }

    public static Span Add(Span span, IReadOnlyList<string> warnings)
    {
        var all = JsonSerializer.Serialize<IEnumerable<string>>([.. Of(span) ?? [], .. warnings]);
        return span with
        {
            Attributes =
            [
                .. span.Attributes.Where(static attribute => attribute.Key != Key),
                new SpanAttribute(Key, AttributeValue.OfJson(AttributeKind.Array, all)),
            ],
        };
    }

    private static List<string> Read(AttributeValue value)
    {
        if (value.Kind == AttributeKind.Array)
        {
            try
            {
                using var document = JsonDocument.Parse(value.Text);
                return [.. document.RootElement.EnumerateArray().Select(static item => item.ToString())];
            }
            catch (JsonException)
            {
                // Not ours: shown as it stands.
            }
        }
        return [value.ToString()];
    }
}
