namespace Pharos.Query.LogQL;

/// <summary>What a query may take.</summary>
public sealed record LogEngineOptions
{
    /// <summary>Series in the answer of a query for numbers, Loki's <c>max_query_series</c>; 0 for no limit.</summary>
    public int MaxSeries { get; init; } = 10_000;

    /// <summary>Series that one selector may give before they are put together: bounds the memory of a query.</summary>
    public int MaxSelectedSeries { get; init; } = 500_000;

    /// <summary>Lines that a query may ask for, <c>max_entries_limit_per_query</c>; 0 for no limit.</summary>
    public int MaxEntries { get; init; } = 5000;

    /// <summary>Time that a query may span, <c>max_query_length</c>; zero for no limit.</summary>
    public TimeSpan MaxQueryLength { get; init; } = TimeSpan.FromHours(721);

    /// <summary>Time that a window may span, <c>max_query_range</c>; zero for no limit.</summary>
    public TimeSpan MaxRange { get; init; }

    /// <summary>Points of one series: the bound on steps of a range query.</summary>
    public int MaxPoints { get; init; } = 11_000;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Blocks that one query works on at once.</summary>
    public int MaxParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether more series than <see cref="MaxSeries"/> are cut with a warning and not refused.</summary>
    public bool CutsSeries { get; init; }
}
