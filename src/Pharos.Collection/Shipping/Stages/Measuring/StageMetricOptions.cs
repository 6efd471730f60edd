namespace Pharos.Collection.Shipping.Stages.Measuring;

/// <summary>One metric of a <c>metrics</c> stage.</summary>
public sealed record StageMetricOptions
{
    /// <summary>With its prefix.</summary>
    public required string Name { get; init; }

    public required StageMetricType Type { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The extracted value that is counted.</summary>
    public required string Source { get; init; }

    /// <summary>A series without an entry for this long is not shown any more.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(5);

    public StageMetricAction Action { get; init; }

    /// <summary>Every entry counts, whatever it holds.</summary>
    public bool MatchAll { get; init; }

    /// <summary>The entry's bytes are added instead of a value.</summary>
    public bool CountEntryBytes { get; init; }

    /// <summary>Only entries whose extracted value is this text count; null for all that have one.</summary>
    public string? Value { get; init; }

    public IReadOnlyList<double> Buckets { get; init; } = [];
}
