using System.Runtime.InteropServices;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Otlp.Traces;

/// <summary>Spans of one process, as OTLP groups them.</summary>
internal sealed record ResourceSpans(SpanResource Resource, List<ScopeSpans> Scopes)
{
    /// <summary>Groups spans; groups and spans keep the order in which they come.</summary>
    public static List<ResourceSpans> Group(IReadOnlyList<Span> spans)
    {
        var groups = new List<ResourceSpans>();
        var byResource = new Dictionary<SpanResource, ResourceSpans>(SameResource.Instance);
        var byScope = new Dictionary<(ResourceSpans, SpanScope), ScopeSpans>(SameScope.Instance);
        foreach (var span in spans)
        {
            ref var resource = ref CollectionsMarshal.GetValueRefOrAddDefault(byResource, span.Resource, out _);
            if (resource is null)
            {
                resource = new ResourceSpans(span.Resource, []);
                groups.Add(resource);
            }
            ref var scope = ref CollectionsMarshal.GetValueRefOrAddDefault(byScope, (resource, span.Scope), out _);
            if (scope is null)
            {
                scope = new ScopeSpans(span.Scope, []);
                resource.Scopes.Add(scope);
            }
            scope.Spans.Add(span);
        }
        return groups;
    }

    private static int Hash(IReadOnlyList<SpanAttribute> attributes)
    {
        var hash = new HashCode();
        foreach (var attribute in attributes)
        {
            hash.Add(attribute);
        }
        return hash.ToHashCode();
    }

    private sealed class SameResource : IEqualityComparer<SpanResource>
    {
        public static readonly SameResource Instance = new();

        public bool Equals(SpanResource? x, SpanResource? y) => ReferenceEquals(x, y)
            || x is not null && y is not null && x.DroppedAttributes == y.DroppedAttributes && x.SchemaUrl == y.SchemaUrl
            && x.Attributes.SequenceEqual(y.Attributes);

        public int GetHashCode(SpanResource obj) => HashCode.Combine(obj.SchemaUrl, Hash(obj.Attributes));
    }

    private sealed class SameScope : IEqualityComparer<(ResourceSpans Resource, SpanScope Scope)>
    {
        public static readonly SameScope Instance = new();

        public bool Equals((ResourceSpans Resource, SpanScope Scope) x, (ResourceSpans Resource, SpanScope Scope) y) =>
            ReferenceEquals(x.Resource, y.Resource) && (ReferenceEquals(x.Scope, y.Scope)
                || x.Scope.Name == y.Scope.Name && x.Scope.Version == y.Scope.Version && x.Scope.SchemaUrl == y.Scope.SchemaUrl
                && x.Scope.DroppedAttributes == y.Scope.DroppedAttributes && x.Scope.Attributes.SequenceEqual(y.Scope.Attributes));

        public int GetHashCode((ResourceSpans Resource, SpanScope Scope) obj) =>
            HashCode.Combine(obj.Scope.Name, obj.Scope.Version, obj.Scope.SchemaUrl, Hash(obj.Scope.Attributes));
    }
}
