using System.Globalization;
using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>Addresses that came as numbers are shown with dots.</summary>
internal static class AddressAttributes
{
    public static void Normalize(List<AdjustedSpan> spans)
    {
        var resources = new Dictionary<SpanResource, SpanResource>(ReferenceEqualityComparer.Instance);
        foreach (var adjusted in spans)
        {
            var span = adjusted.Span;
            if (!resources.TryGetValue(span.Resource, out var resource))
            {
                var normal = Normal(span.Resource.Attributes);
                resources[span.Resource] = resource = ReferenceEquals(normal, span.Resource.Attributes) ? span.Resource
                    : new SpanResource(normal, span.Resource.DroppedAttributes, span.Resource.SchemaUrl);
            }
            var attributes = Normal(span.Attributes);
            if (!ReferenceEquals(resource, span.Resource) || !ReferenceEquals(attributes, span.Attributes))
            {
                adjusted.Span = span with { Resource = resource, Attributes = attributes };
            }
        }
    }

    private static IReadOnlyList<SpanAttribute> Normal(IReadOnlyList<SpanAttribute> attributes) =>
        attributes.Any(static attribute => AddressIn(attribute) is not null)
            ? [.. attributes.Select(static attribute => AddressIn(attribute) is { } address ? attribute with { Value = Dotted(address) } : attribute)]
            : attributes;

    private static uint? AddressIn(SpanAttribute attribute)
    {
        if (attribute.Key is not ("ip" or "peer.ipv4"))
        {
            return null;
        }
        return attribute.Value.Kind switch
        {
            AttributeKind.Int => unchecked((uint)attribute.Value.Int),
            AttributeKind.Double => unchecked((uint)(long)attribute.Value.Double),
            _ => null,
        };
    }

    private static AttributeValue Dotted(uint address) => AttributeValue.OfText(string.Create(
        CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 0xFF}.{(address >> 8) & 0xFF}.{address & 0xFF}"));
}
