using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>What a span says about its library belongs to its process.</summary>
internal static class LibraryAttributes
{
    public static void Move(List<AdjustedSpan> spans)
    {
        if (!spans.Exists(static adjusted => adjusted.Span.Attributes.Any(static attribute => IsOfLibrary(attribute.Key))))
        {
            return;
        }
        var moved = new Dictionary<SpanResource, List<SpanAttribute>>(ReferenceEqualityComparer.Instance);
        foreach (var adjusted in spans)
        {
            Take(adjusted, moved);
        }
        var resources = moved.ToDictionary(
            static of => of.Key, static of => new SpanResource(of.Value, of.Key.DroppedAttributes, of.Key.SchemaUrl),
            (IEqualityComparer<SpanResource>)ReferenceEqualityComparer.Instance);
        foreach (var adjusted in spans)
        {
            if (resources.TryGetValue(adjusted.Span.Resource, out var resource))
            {
                adjusted.Span = adjusted.Span with { Resource = resource };
            }
        }
    }

    private static void Take(AdjustedSpan adjusted, Dictionary<SpanResource, List<SpanAttribute>> moved)
    {
        var span = adjusted.Span;
        List<SpanAttribute>? kept = null;
        for (var i = 0; i < span.Attributes.Count; i++)
        {
            var attribute = span.Attributes[i];
            if (!IsOfLibrary(attribute.Key))
            {
                kept?.Add(attribute);
                continue;
            }
            kept ??= [.. span.Attributes.Take(i)];
            if (!moved.TryGetValue(span.Resource, out var ofResource))
            {
                moved[span.Resource] = ofResource = [.. span.Resource.Attributes];
            }
            var known = ofResource.FindIndex(other => other.Key == attribute.Key);
            if (known < 0)
            {
                ofResource.Add(attribute);
            }
            else if (ofResource[known].Value.Kind != AttributeKind.Text || ofResource[known].Value != attribute.Value)
            {
                adjusted.Warn("conflicting values between Span and Resource for attribute " + attribute.Key);
                kept.Add(attribute);
            }
        }
        if (kept is not null)
        {
            adjusted.Span = span with { Attributes = kept };
        }
    }

    private static bool IsOfLibrary(string key) => key is "telemetry.sdk.language" or "telemetry.sdk.name" or "telemetry.sdk.version"
        or "telemetry.distro.name" or "telemetry.distro.version";
}
