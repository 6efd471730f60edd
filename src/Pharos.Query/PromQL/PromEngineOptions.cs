namespace Pharos.Query.PromQL;

/// <summary>What bounds and tunes every query of an engine.</summary>
public sealed record PromEngineOptions
{
    /// <summary>How far back an instant selector looks for a sample; the far end is exclusive.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most samples that one query may hold at once.</summary>
    public long MaxSamples { get; init; } = 50_000_000;

    /// <summary>After this a query ends with an error.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The resolution of a subquery that names none: the global evaluation interval.</summary>
    public TimeSpan DefaultSubqueryStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Metric names that functions drop go only at the query's end (Prometheus' feature
    /// <c>promql-delayed-name-removal</c>).</summary>
    public bool DelayedNameRemoval { get; init; }
}
