namespace Pharos.Server.Governing;

/// <summary>When all garbage may be collected again: that stops the process, so it gets a small part of the time only.</summary>
/// <remarks>For one thread.</remarks>
internal sealed class CollectionPacing(TimeProvider time)
{
    /// <summary>Collecting takes at most one part in so many. A small heap is done in milliseconds: to wait as long as for a large one would
    /// refuse work for what is garbage.</summary>
    private const int Parts = 20;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private long? _endedAt;
    private TimeSpan _pause;

    public bool MayCollect => _endedAt is not { } endedAt || time.GetElapsedTime(endedAt) >= _pause;

    /// <summary>A collection has just ended.</summary>
    public void Collected(TimeSpan took)
    {
        _endedAt = time.GetTimestamp();
        _pause = TimeSpan.FromTicks(Math.Max(Least.Ticks, took.Ticks * (Parts - 1)));
    }
}
