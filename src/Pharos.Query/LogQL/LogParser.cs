using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL;

/// <summary>Reads LogQL.</summary>
public static class LogParser
{
    /// <summary>The longest query that is read, bytes of UTF-8: Loki's own bound.</summary>
    public const int MaxQueryBytes = 131_072;

    /// <summary>Reads and checks a query.</summary>
    /// <exception cref="LogParseException">The text is no valid query.</exception>
    public static LogExpr Parse(string query) => Run(query, static parser => parser.Whole());

    /// <summary>Reads a selector and stages, without parentheses around them: what a shipper's <c>match</c> stage and a deletion carry.</summary>
    /// <param name="query">The text.</param>
    /// <param name="mayMatchEmpty">Whether the selector may consist of matchers that match the empty text, or of none.</param>
    /// <exception cref="LogParseException">The text is no such query.</exception>
    public static LogQueryExpr ParseLogQuery(string query, bool mayMatchEmpty = false) =>
        mayMatchEmpty ? Run(query, static parser => parser.LogQuery(mayBeEmpty: true)) : Run(query, static parser => parser.LogQuery(mayBeEmpty: false));

    /// <summary>Lays a query out over several lines, as Loki's <c>format_query</c> does.</summary>
    public static string Format(LogExpr expr) => new LogPrettyPrinter().Print(expr);

    private static T Run<T>(string query, Func<LogExpressionParser, T> parse)
    {
        var bytes = System.Text.Encoding.UTF8.GetByteCount(query);
        if (bytes > MaxQueryBytes)
        {
            throw new LogParseException(query, $"input size too long ({bytes} > {MaxQueryBytes})", -1);
        }
        try
        {
            return parse(new LogExpressionParser(query));
        }
        catch (LogSyntaxFailure failure)
        {
            throw new LogParseException(query, failure.Message, failure.Offset);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new LogParseException(query, "expression nested too deeply", -1);
        }
    }
}
