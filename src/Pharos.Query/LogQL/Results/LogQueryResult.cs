namespace Pharos.Query.LogQL.Results;

/// <summary>What a query answered: <see cref="LogStreamsResult"/>, <see cref="LogMatrixResult"/>, <see cref="LogVectorResult"/> or
/// <see cref="LogScalarResult"/>.</summary>
public abstract record LogQueryResult
{
    private protected LogQueryResult()
    {
    }

    public LogQueryStatistics Statistics { get; init; } = new();

    /// <summary>What the query's writer should know; without repetition.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
