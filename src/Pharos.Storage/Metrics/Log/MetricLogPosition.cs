namespace Pharos.Storage.Metrics.Log;

/// <summary>A place between two records of the log; stays good over restarts, as long as its segment is kept.</summary>
public readonly record struct MetricLogPosition(long Segment, long OffsetBytes);
