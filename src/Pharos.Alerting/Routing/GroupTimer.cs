namespace Pharos.Alerting.Routing;

/// <summary>What of a group outlives a restart: one point of its grid of flushes.</summary>
/// <param name="FlushAt">The first flush, or any later one: the others are whole group intervals away.</param>
internal sealed record GroupTimer(DateTimeOffset FlushAt, bool HasFlushed);
