namespace Pharos.Storage.Traces.Search;

/// <summary>Which spans, and so which traces, are looked for.</summary>
public sealed record TraceFilter
{
    public string Tenant { get; init; } = "";

    /// <summary>A span counts if it starts in [<see cref="StartNs"/>, <see cref="EndNs"/>).</summary>
    public long StartNs { get; init; } = long.MinValue;

    public long EndNs { get; init; } = long.MaxValue;

    /// <summary>None: every span satisfies them.</summary>
    public IReadOnlyList<SpanCondition> Conditions { get; init; } = [];

    /// <summary>Whether one span must satisfy all conditions; otherwise it is enough that it satisfies one of them.</summary>
    public bool NeedsAll { get; init; } = true;
}
