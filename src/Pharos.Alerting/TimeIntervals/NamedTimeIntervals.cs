namespace Pharos.Alerting.TimeIntervals;

/// <summary>One entry of <c>time_intervals</c>: contains an instant where any of its intervals does.</summary>
public sealed record NamedTimeIntervals
{
    public required string Name { get; init; }

    public IReadOnlyList<TimeInterval> Intervals { get; init; } = [];

    public bool Contains(DateTimeOffset instant) => Intervals.Any(interval => interval.Contains(instant));
}
