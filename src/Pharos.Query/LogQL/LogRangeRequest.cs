namespace Pharos.Query.LogQL;

/// <summary>Over which time a query is asked. Times are nanoseconds since 1970, UTC.</summary>
/// <param name="StartNs">Inclusive.</param>
/// <param name="EndNs">Of lines exclusive, of numbers inclusive.</param>
public sealed record LogRangeRequest(long StartNs, long EndNs)
{
    /// <summary>Between two points of a series; 0 for one point, at <see cref="StartNs"/>, where the query answers numbers.</summary>
    public long StepNs { get; init; }

    /// <summary>At least so much between two lines of a stream; 0 for every line.</summary>
    public long IntervalNs { get; init; }

    /// <summary>At most so many lines.</summary>
    public int Limit { get; init; } = 100;

    public LogDirection Direction { get; init; } = LogDirection.Backward;
}
