namespace Pharos.Query.PromQL.Syntax;

/// <summary>Which elements of two instant vectors belong together.</summary>
public sealed record VectorMatching
{
    public MatchCardinality Cardinality { get; init; }

    /// <summary>The labels of <c>on</c> or <c>ignoring</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Only <see cref="Labels"/> count; otherwise all but them.</summary>
    public bool On { get; init; }

    /// <summary>Labels that <c>group_left(...)</c> or <c>group_right(...)</c> takes from the "one" side.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The value of an element missing on the left.</summary>
    public double? FillLeft { get; init; }

    /// <summary>The value of an element missing on the right.</summary>
    public double? FillRight { get; init; }
}
