namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>The section <c>queue_config</c>.</summary>
public sealed record RemoteWriteQueueOptions
{
    /// <summary>Samples that one shard holds; the log keeps what comes beyond.</summary>
    public int Capacity { get; init; } = 10_000;

    public int MinShards { get; init; } = 1;

    public int MaxShards { get; init; } = 50;

    public int MaxSamplesPerSend { get; init; } = 2000;

    /// <summary>How long a sample may wait for others to share its request.</summary>
    public TimeSpan BatchSendDeadline { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(30);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);

    public bool RetryOnHttp429 { get; init; }

    /// <summary>Older samples are dropped; zero for no limit.</summary>
    public TimeSpan SampleAgeLimit { get; init; }
}
