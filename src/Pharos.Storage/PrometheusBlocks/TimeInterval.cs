namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Deleted samples of one series; both ends inclusive.</summary>
internal readonly record struct TimeInterval(long MinTimeMs, long MaxTimeMs)
{
    public bool Contains(long timestampMs) => timestampMs >= MinTimeMs && timestampMs <= MaxTimeMs;
}
