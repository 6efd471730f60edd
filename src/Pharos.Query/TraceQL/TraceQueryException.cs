namespace Pharos.Query.TraceQL;

/// <summary>A query that has no answer.</summary>
public sealed class TraceQueryException(TraceQueryErrorKind kind, string message) : Exception(message)
{
    public TraceQueryErrorKind Kind { get; } = kind;
}
