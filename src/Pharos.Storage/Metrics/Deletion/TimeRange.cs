namespace Pharos.Storage.Metrics.Deletion;

/// <summary>A stretch of time, both ends inclusive, milliseconds.</summary>
internal readonly record struct TimeRange(long FromMs, long ToMs)
{
    public bool Contains(long timeMs) => timeMs >= FromMs && timeMs <= ToMs;

    public bool Overlaps(long fromMs, long toMs) => FromMs <= toMs && ToMs >= fromMs;
}
