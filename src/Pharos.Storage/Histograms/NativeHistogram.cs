using System.Collections.Immutable;
using Pharos.Storage.Model;

namespace Pharos.Storage.Histograms;

/// <summary>One sample that is a whole distribution: sparse buckets of exponential width, or with custom bounds.</summary>
/// <remarks>Immutable. Bucket counts are absolute (no deltas, not cumulative); with <see cref="Schema"/> n in [-4, 8] the
/// positive bucket of index i is (b^(i-1), b^i] with b = 2^(2^-n), the negative ones mirror it, and the zero bucket is
/// [-<see cref="ZeroThreshold"/>, <see cref="ZeroThreshold"/>]. With <see cref="CustomBucketsSchema"/> only positive buckets exist,
/// bounded above by <see cref="CustomBounds"/>, the last one by +Inf. Prometheus: model/histogram.</remarks>
public sealed class NativeHistogram
{
    public const int MinSchema = -4;
    public const int MaxSchema = 8;

    /// <summary>The schema of histograms whose bounds are listed.</summary>
    public const int CustomBucketsSchema = -53;

    public int Schema { get; init; }

    public CounterResetHint ResetHint { get; init; }

    public double ZeroThreshold { get; init; }

    public double ZeroCount { get; init; }

    /// <summary>Of all observations, NaN among them.</summary>
    public double Count { get; init; }

    /// <summary>Of all observations; a staleness marker here makes the whole sample one.</summary>
    public double Sum { get; init; }

    public ImmutableArray<BucketSpan> PositiveSpans { get; init; } = [];

    /// <summary>Absolute counts, one per bucket of the spans.</summary>
    public ImmutableArray<double> PositiveBuckets { get; init; } = [];

    public ImmutableArray<BucketSpan> NegativeSpans { get; init; } = [];

    public ImmutableArray<double> NegativeBuckets { get; init; } = [];

    /// <summary>Upper bounds (inclusive), rising, without +Inf; empty but for <see cref="CustomBucketsSchema"/>.</summary>
    public ImmutableArray<double> CustomBounds { get; init; } = [];

    /// <summary>The counts came as integers, and go out as such.</summary>
    public bool HasIntegerCounts { get; init; }

    public bool HasCustomBuckets => Schema == CustomBucketsSchema;

    public bool IsStale => StaleMarker.Is(Sum);

    /// <summary>The staleness marker in the form of a histogram.</summary>
    public static NativeHistogram Stale { get; } = new() { Sum = StaleMarker.Value };
}
