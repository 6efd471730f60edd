using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Analysis;

/// <summary>Finds a text in whatever a span says: its ids, names, status, and the attributes of it, its resource, events and links.</summary>
public static class SpanText
{
    /// <param name="text">In any case; <c>key=value</c> also finds an attribute by both.</param>
    public static bool Contains(Span span, string text) =>
        Has(span.Name, text) || Has(span.Resource.ServiceName, text) || Has(span.StatusMessage, text) || Has(span.Scope.Name, text)
        || Has(span.SpanId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), text)
        || HasAny(span.Attributes, text) || HasAny(span.Resource.Attributes, text)
        || span.Events.Any(happened => Has(happened.Name, text) || HasAny(happened.Attributes, text))
        || span.Links.Any(link => Has(link.TraceId.ToString(), text) || HasAny(link.Attributes, text));

    private static bool HasAny(IReadOnlyList<SpanAttribute> attributes, string text)
    {
        foreach (var attribute in attributes)
        {
            var value = attribute.Value.ToString();
            if (Has(attribute.Key, text) || Has(value, text) || text.Contains('=', StringComparison.Ordinal) && Has($"{attribute.Key}={value}", text))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Has(string where, string text) => where.Contains(text, StringComparison.OrdinalIgnoreCase);
}
