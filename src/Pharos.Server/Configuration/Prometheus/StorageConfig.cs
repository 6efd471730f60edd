using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Metrics.Retention;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>The section <c>storage</c>; what is null was not given, so that flags and defaults decide.</summary>
internal sealed record StorageConfig
{
    public static readonly StorageConfig Default = new();

    public TimeSpan? RetentionTime { get; init; }

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<RetentionRule> RetentionRules { get; init; } = [];

    public IReadOnlyList<DownsamplingRule> DownsamplingRules { get; init; } = [];

    public long? RetentionBytes { get; init; }

    /// <summary>Of the disk that the data lies on; wins over <see cref="RetentionBytes"/>.</summary>
    public double? RetentionPercent { get; init; }

    /// <summary>Zero: a sample must be newer than its series' newest.</summary>
    public TimeSpan OutOfOrderWindow { get; init; }

    /// <summary>0 for none.</summary>
    public int MaxExemplars { get; init; } = 100_000;
}
