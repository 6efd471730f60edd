namespace Pharos.Query.PromQL.Syntax;

/// <summary>What <c>@</c> fixes a selector to: a time, or the start or end of the query.</summary>
/// <param name="TimestampMs">Null for <c>start()</c> and <c>end()</c>.</param>
public sealed record AtModifier(AtAnchor Anchor, long? TimestampMs = null)
{
    /// <summary>The time for a query over [<paramref name="startMs"/>, <paramref name="endMs"/>].</summary>
    public long Resolve(long startMs, long endMs) => Anchor switch
    {
        AtAnchor.Start => startMs,
        AtAnchor.End => endMs,
        _ => TimestampMs!.Value,
    };
}
