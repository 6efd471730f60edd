using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>Attributes by key, events by time.</summary>
internal static class CollectionOrder
{
    public static void Sort(List<AdjustedSpan> spans)
    {
        var resources = new Dictionary<SpanResource, SpanResource>(ReferenceEqualityComparer.Instance);
        var scopes = new Dictionary<SpanScope, SpanScope>(ReferenceEqualityComparer.Instance);
        foreach (var adjusted in spans)
        {
            var span = adjusted.Span;
            if (!resources.TryGetValue(span.Resource, out var resource))
            {
                resources[span.Resource] = resource = Sorted(span.Resource);
            }
            if (!scopes.TryGetValue(span.Scope, out var scope))
            {
                scopes[span.Scope] = scope = Sorted(span.Scope);
            }
            var (attributes, events, links) = (Sorted(span.Attributes), Sorted(span.Events), Sorted(span.Links));
            if (!ReferenceEquals(resource, span.Resource) || !ReferenceEquals(scope, span.Scope) || !ReferenceEquals(attributes, span.Attributes)
                || !ReferenceEquals(events, span.Events) || !ReferenceEquals(links, span.Links))
            {
                adjusted.Span = span with { Resource = resource, Scope = scope, Attributes = attributes, Events = events, Links = links };
            }
        }
    }

    private static SpanResource Sorted(SpanResource resource) =>
        IsSorted(resource.Attributes) ? resource : new SpanResource(Sorted(resource.Attributes), resource.DroppedAttributes, resource.SchemaUrl);

    private static SpanScope Sorted(SpanScope scope) =>
        IsSorted(scope.Attributes) ? scope : scope with { Attributes = Sorted(scope.Attributes) };

    private static IReadOnlyList<SpanAttribute> Sorted(IReadOnlyList<SpanAttribute> attributes) =>
        IsSorted(attributes) ? attributes : [.. attributes.OrderBy(static attribute => attribute.Key, StringComparer.Ordinal)];

    private static IReadOnlyList<SpanEvent> Sorted(IReadOnlyList<SpanEvent> events)
    {
        var isSorted = true;
        for (var i = 0; i < events.Count && isSorted; i++)
        {
            isSorted = IsSorted(events[i].Attributes) && (i == 0 || events[i - 1].TimeNs <= events[i].TimeNs);
        }
        return isSorted ? events
            : [.. events.OrderBy(static happened => happened.TimeNs).Select(static happened => happened with { Attributes = Sorted(happened.Attributes) })];
    }

    private static IReadOnlyList<SpanLink> Sorted(IReadOnlyList<SpanLink> links) =>
        links.All(static link => IsSorted(link.Attributes)) ? links : [.. links.Select(static link => link with { Attributes = Sorted(link.Attributes) })];

    private static bool IsSorted(IReadOnlyList<SpanAttribute> attributes)
    {
        for (var i = 1; i < attributes.Count; i++)
        {
            if (string.CompareOrdinal(attributes[i - 1].Key, attributes[i].Key) > 0)
            {
                return false;
            }
        }
        return true;
    }
}
