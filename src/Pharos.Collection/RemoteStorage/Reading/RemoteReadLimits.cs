namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>What bounds an answer to a remote read; 0 is no limit, as in Prometheus.</summary>
public sealed record RemoteReadLimits
{
    /// <summary>The most samples in one answer that is not streamed.</summary>
    public int Samples { get; init; } = 50_000_000;

    /// <summary>How many requests are answered at once.</summary>
    public int Concurrency { get; init; } = 10;

    /// <summary>About how large a frame of a streamed answer may be.</summary>
    public int MaxBytesInFrame { get; init; } = 1024 * 1024;
}
