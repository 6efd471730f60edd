namespace Pharos.Query.PromQL.Syntax;

/// <summary>A query that is no PromQL. The message is that of the first error, with its position, as Prometheus words it.</summary>
public sealed class PromParseException : Exception
{
    public PromParseException(string query, IReadOnlyList<ParseError> errors)
        : base(Format(query, errors[0]))
    {
        Query = query;
        Errors = errors;
    }

    public string Query { get; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<ParseError> Errors { get; }

    /// <summary><c>LINE:COLUMN: parse error: MESSAGE</c>.</summary>
    public static string Format(string query, ParseError error)
    {
        var position = query.Length == 0 ? "unknown position"
            : new PositionRange(error.StartOffset, error.EndOffset).StartIn(query);
        return $"{position}: parse error: {error.Message}";
    }
}
