using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Finds the whole comparisons in a filter that does not parse yet.</summary>
internal static class UnfinishedFilter
{
    public static SpansetExpr.Filter? Read(string query)
    {
        FieldExpr? condition = null;
        var tokens = Tokens(query);
        // What stands beside an unfinished alternative is none.
        if (tokens.Exists(static token => token.Is("||")))
        {
            return null;
        }
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (Field(tokens[i]) is { } field && tokens[i + 1].Kind == TraceTokenKind.Symbol && FieldOperators.OfSymbol(tokens[i + 1].Text) is { } op
                && op.IsComparison() && Literal(tokens[i + 2]) is { } literal)
            {
                var found = new SpansetExpr.Filter(new FieldExpr.Binary(op, field, literal));
                if (IsSound(found))
                {
                    condition = condition is null ? found.Condition : new FieldExpr.Binary(FieldOperator.And, condition, found.Condition!);
                }
                i += 2;
            }
        }
        return condition is { Depth: < FieldParser.MaxDepth } ? new SpansetExpr.Filter(condition) : null;
    }

    private static List<TraceToken> Tokens(string query)
    {
        var tokens = new List<TraceToken>();
        var lexer = new TraceLexer(query.Length > TraceParser.MaxQueryBytes ? "" : query);
        try
        {
            for (var token = lexer.Next(); token.Kind != TraceTokenKind.End; token = lexer.Next())
            {
                tokens.Add(token);
            }
        }
        catch (TraceSyntaxFailure)
        {
            // The rest is still being written.
        }
        return tokens;
    }

    private static FieldExpr? Field(TraceToken token) => token.Kind == TraceTokenKind.Attribute ? token.Attribute
        : token.Kind == TraceTokenKind.Word && Intrinsics.TryParse(token.Text, out var intrinsic) ? new FieldExpr.Intrinsic(intrinsic) : null;

    private static FieldExpr.Literal? Literal(TraceToken token) => token.IsLiteral ? new FieldExpr.Literal(token.Value)
        : token.Kind == TraceTokenKind.Word && TraceWords.TryLiteral(token.Text, out var value) ? new FieldExpr.Literal(value) : null;

    private static bool IsSound(SpansetExpr.Filter filter)
    {
        try
        {
            TypeCheck.Check(filter);
            return true;
        }
        catch (TraceSyntaxFailure)
        {
            return false;
        }
    }
}
