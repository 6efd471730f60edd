namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>What an interval is reduced to.</summary>
public enum SampleAggregate
{
    /// <summary>Those of its samples, with their own times, that <c>min</c>, <c>max</c>, <c>first</c> and <c>last</c> and the growth
    /// of a counter depend on.</summary>
    Points,

    /// <summary>How many there were, at the interval's end.</summary>
    Count,

    /// <summary>Their sum, at the interval's end.</summary>
    Sum,
}
