namespace Pharos.Server.Configuration.Prometheus;

/// <summary>The section <c>storage</c>; what is null was not given, so that flags and defaults decide.</summary>
internal sealed record StorageConfig
{
    public TimeSpan? RetentionTime { get; init; }

    public long? RetentionBytes { get; init; }
}
