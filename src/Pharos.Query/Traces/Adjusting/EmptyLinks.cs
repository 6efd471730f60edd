namespace Pharos.Query.Traces.Adjusting;

/// <summary>Links to no trace are no links.</summary>
internal static class EmptyLinks
{
    public static void Remove(List<AdjustedSpan> spans)
    {
        foreach (var adjusted in spans)
        {
            if (adjusted.Span.Links.Any(static link => link.TraceId.IsZero))
            {
                adjusted.Span = adjusted.Span with { Links = [.. adjusted.Span.Links.Where(static link => !link.TraceId.IsZero)] };
            }
        }
    }
}
