using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL;

/// <summary>What bounds and tunes every query of an engine.</summary>
public sealed record PromEngineOptions
{
    /// <summary>How far back an instant selector looks for a sample; the far end is exclusive.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most samples that one query may hold at once; a native histogram counts for its size in units of 16
    /// bytes.</summary>
    public long MaxSamples { get; init; } = 50_000_000;

    /// <summary>The most bytes that the answer of one selector or function may take.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>After this a query ends with an error.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The resolution of a subquery that names none: the global evaluation interval.</summary>
    public TimeSpan DefaultSubqueryStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Asked at each query instead of <see cref="DefaultSubqueryStep"/>, where the interval may change meanwhile.</summary>
    public Func<TimeSpan>? CurrentSubqueryStep { get; init; }

    /// <summary>How many threads one query may keep busy. Answers do not depend on it.</summary>
    public int MaxParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Metric names that functions drop go only at the query's end (Prometheus' feature
    /// <c>promql-delayed-name-removal</c>).</summary>
    public bool DelayedNameRemoval { get; init; }

    /// <summary>The time at which a counter began tells of its resets and of where it was zero (Prometheus' feature
    /// <c>use-start-timestamps</c>).</summary>
    public bool UseStartTimestamps { get; init; }

    /// <summary>The label <c>__type__</c> says what is a counter (Prometheus' feature <c>type-and-unit-labels</c>).</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>Statistics say how many samples each step used (Prometheus' feature <c>promql-per-step-stats</c>).</summary>
    public bool PerStepStatistics { get; init; }

    /// <summary>False asks the plain forms of what has a fast one, too: tests compare the two.</summary>
    internal bool UseFastPaths { get; init; } = true;

    /// <summary>Asked while queries run: what makes one too expensive now; null while nothing does.</summary>
    public Func<QueryShedding?>? CurrentShedding { get; init; }

    /// <summary>Told whenever a running query has come to hold a good many samples more, by any of its threads: what is in use may be
    /// measured before the query has made all that it asks for.</summary>
    public Action? QueryGrows { get; init; }

    /// <summary>Told of each query that was refused so, or that the process had no memory for.</summary>
    public Action? QueryShed { get; init; }

    /// <summary>Which parts of the language the engine reads.</summary>
    public PromParserOptions Parser { get; init; } = new();
}
