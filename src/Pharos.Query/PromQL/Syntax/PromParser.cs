using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Reads PromQL.</summary>
public static class PromParser
{
    private static readonly PromParserOptions Everything = new();

    /// <summary>Reads and type-checks a query.</summary>
    /// <param name="options">What of the language may be used; null for all.</param>
    /// <exception cref="PromParseException">The text is no valid query; every error has its position.</exception>
    public static Expr Parse(string query, PromParserOptions? options = null)
    {
        var errors = new List<ParseError>();
        // As in Prometheus, types are checked only where the whole text could be read.
        var parsed = Run(query, options ?? Everything, static parser => parser.Whole());
        Expr expr;
        try
        {
            expr = new TypeChecker(query, errors).Check(parsed);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new PromParseException(query, [new ParseError("expression nested too deeply", 0, query.Length)]);
        }
        return errors.Count == 0 ? expr : throw new PromParseException(query, errors);
    }

    /// <summary>Reads a selector without offset or range, as <c>match[]</c> carries it. Its matchers may all match the
    /// empty string; whoever forbids that checks it.</summary>
    /// <exception cref="PromParseException">The text is no selector.</exception>
    public static IReadOnlyList<LabelMatcher> ParseMetricSelector(string selector) =>
        Run(selector, Everything, static parser => parser.SelectorOnly()).Matchers;

    private static T Run<T>(string query, PromParserOptions options, Func<ExpressionParser, T> parse)
    {
        try
        {
            return parse(new ExpressionParser(query, options));
        }
        catch (SyntaxFailure failure)
        {
            throw new PromParseException(query, [failure.Error]);
        }
    }
}
