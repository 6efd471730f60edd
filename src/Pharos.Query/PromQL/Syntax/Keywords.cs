using System.Collections.Frozen;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Words with a meaning. Case does not matter; nearly all of them may still name a metric or a label.</summary>
internal static class Keywords
{
    private static readonly FrozenDictionary<string, TokenKind> Kinds = Build();

    private static readonly FrozenSet<string> NeverMetricNames = new[]
    {
        "bool", "on", "ignoring", "group_left", "group_right", "fill", "fill_left", "fill_right", "atan2",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static readonly FrozenDictionary<string, AggregateOperator> Aggregators =
        Enum.GetValues<AggregateOperator>().ToFrozenDictionary(op => op.Symbol(), StringComparer.OrdinalIgnoreCase);

    public static TokenKind KindOf(string word) => Kinds.GetValueOrDefault(word, TokenKind.Identifier);

    public static bool MayNameMetric(Token token) => token.Kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Aggregator or TokenKind.Preprocessor => true,
        TokenKind.Keyword or TokenKind.Operator => char.IsAsciiLetter(token.Text[0]) && !NeverMetricNames.Contains(token.Text),
        _ => false,
    };

    /// <summary>Whether the token may stand where a label's name is wanted.</summary>
    public static bool MayNameLabel(Token token) =>
        token.Kind is TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Aggregator or TokenKind.Preprocessor
        || (token.Kind == TokenKind.Keyword && !token.Is("without"))
        || (token.Kind == TokenKind.Operator && char.IsAsciiLetter(token.Text[0]));

    /// <summary>Whether an expression may begin with the token.</summary>
    public static bool MayStartExpression(Token token) => MayNameMetric(token)
        || token.Kind is TokenKind.Number or TokenKind.Duration or TokenKind.String or TokenKind.LeftParen or TokenKind.LeftBrace
        || token is { Kind: TokenKind.Operator, Text: "+" or "-" };

    /// <summary>A word that is a keyword only where a parenthesis follows.</summary>
    public static bool NeedsParenthesis(string word) => word.StartsWith("fill", StringComparison.OrdinalIgnoreCase);

    private static FrozenDictionary<string, TokenKind> Build()
    {
        var kinds = new Dictionary<string, TokenKind>(StringComparer.OrdinalIgnoreCase)
        {
            ["inf"] = TokenKind.Number,
            ["nan"] = TokenKind.Number,
        };
        foreach (var word in new[] { "and", "or", "unless", "atan2" })
        {
            kinds[word] = TokenKind.Operator;
        }
        foreach (var op in Enum.GetValues<AggregateOperator>())
        {
            kinds[op.Symbol()] = TokenKind.Aggregator;
        }
        foreach (var word in new[]
        {
            "offset", "smoothed", "anchored", "by", "without", "on", "ignoring", "group_left", "group_right", "fill",
            "fill_left", "fill_right", "bool",
        })
        {
            kinds[word] = TokenKind.Keyword;
        }
        foreach (var word in new[] { "start", "end", "step", "range", "min_of", "max_of" })
        {
            kinds[word] = TokenKind.Preprocessor;
        }
        return kinds.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
