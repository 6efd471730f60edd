namespace Pharos.Query.LogQL;

/// <summary>A query that has no answer. The message is Loki's where Loki fails the same way.</summary>
public sealed class LogQueryException(LogQueryErrorKind kind, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public LogQueryErrorKind Kind { get; } = kind;
}
