namespace Pharos.Query.Results;

/// <summary>A query that has no answer. The message is Prometheus' own where Prometheus fails the same way.</summary>
public sealed class QueryException(QueryErrorKind kind, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public QueryErrorKind Kind { get; } = kind;
}
