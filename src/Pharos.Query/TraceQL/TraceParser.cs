using System.Text;
using Pharos.Query.TraceQL.Syntax;

namespace Pharos.Query.TraceQL;

/// <summary>Reads TraceQL.</summary>
public static class TraceParser
{
    /// <summary>The longest query that is read, bytes of UTF-8: Tempo's own bound.</summary>
    public const int MaxQueryBytes = 131_072;

    /// <summary>Reads and checks a query.</summary>
    /// <exception cref="TraceParseException">The text is no valid query.</exception>
    public static TraceQuery Parse(string query) => Run(query, static text =>
    {
        var parsed = new TraceQueryParser(text).Whole();
        TypeCheck.Check(parsed);
        return parsed;
    });

    /// <summary>Reads a single filter: <c>{ ... }</c>.</summary>
    /// <exception cref="TraceParseException">The text is no such query.</exception>
    public static SpansetExpr.Filter ParseFilter(string query) =>
        Parse(query).Expr is TracePipeline { Stages: [PipelineStage.Pick { Expr: SpansetExpr.Filter filter }] }
        ? filter : throw new TraceParseException(query, "only a single spanset filter is supported", -1);

    /// <summary>Reads an attribute or an intrinsic.</summary>
    /// <exception cref="TraceParseException">The text is neither.</exception>
    public static FieldExpr ParseField(string field) => Run(field, static text => new TraceQueryParser(text).Field());

    /// <summary>Reads of a filter that is still being written what is whole: comparisons of a field with a value, joined by <c>&amp;&amp;</c>.</summary>
    /// <returns>Null where nothing is.</returns>
    public static SpansetExpr.Filter? ParseUnfinished(string query)
    {
        try
        {
            return ParseFilter(query);
        }
        catch (TraceParseException)
        {
            return UnfinishedFilter.Read(query);
        }
    }

    private static T Run<T>(string query, Func<string, T> parse)
    {
        var bytes = Encoding.UTF8.GetByteCount(query);
        if (bytes > MaxQueryBytes)
        {
            throw new TraceParseException(query, $"query string exceeds maximum length of {MaxQueryBytes} bytes: {bytes}", -1);
        }
        try
        {
            return parse(query);
        }
        catch (TraceSyntaxFailure failure)
        {
            throw new TraceParseException(query, failure.Message, failure.Offset);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new TraceParseException(query, "expression nested too deeply", -1);
        }
    }
}
