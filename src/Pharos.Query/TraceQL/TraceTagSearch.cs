namespace Pharos.Query.TraceQL;

/// <summary>The search that Tempo had before TraceQL.</summary>
public sealed record TraceTagSearch
{
    /// <summary>Of an attribute of some span, each: a part of its text in any case, or what is no text exactly.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>Of the whole trace; 0 for any.</summary>
    public long MinDurationNs { get; init; }

    public long MaxDurationNs { get; init; }
}
