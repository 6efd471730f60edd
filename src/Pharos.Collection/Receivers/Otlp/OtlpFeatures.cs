namespace Pharos.Collection.Receivers.Otlp;

/// <summary>What feature flags change.</summary>
public sealed record OtlpFeatures
{
    /// <summary><c>otlp-deltatocumulative</c>: deltas are added up.</summary>
    public bool DeltaToCumulative { get; init; }

    /// <summary><c>otlp-native-delta-ingestion</c>: deltas are stored as they are.</summary>
    public bool NativeDelta { get; init; }

    /// <summary><c>type-and-unit-labels</c>: a metric's type and unit become labels of its series.</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>Half of it lies between two samples of <c>target_info</c>.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromMinutes(5);
}
