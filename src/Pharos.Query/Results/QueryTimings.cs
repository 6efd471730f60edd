namespace Pharos.Query.Results;

/// <summary>Where the time of a query went.</summary>
public sealed record QueryTimings
{
    /// <summary>Finding the time range and opening the store's view.</summary>
    public TimeSpan Preparation { get; init; }

    public TimeSpan InnerEvaluation { get; init; }

    public TimeSpan ResultSort { get; init; }
}
