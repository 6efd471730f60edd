using System.Collections.Frozen;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Words with a meaning. Case does not matter; nearly all of them may still name a metric or a label.</summary>
internal static class Keywords
{
    // Some forty words, looked through: no dictionary of kinds is compiled ahead of time, and the first query would wait for it.
    private static readonly string[] Numbers = ["inf", "nan"];
    private static readonly string[] Operators = ["and", "or", "unless", "atan2"];
    private static readonly string[] Others =
    [
        "offset", "smoothed", "anchored", "by", "without", "on", "ignoring", "group_left", "group_right", "fill",
        "fill_left", "fill_right", "bool",
    ];
    private static readonly string[] Preprocessors = ["start", "end", "step", "range", "min_of", "max_of"];
    private static readonly AggregateOperator[] AllAggregators = Enum.GetValues<AggregateOperator>();

    private static readonly FrozenSet<string> NeverMetricNames = new[]
    {
        "bool", "on", "ignoring", "group_left", "group_right", "fill", "fill_left", "fill_right", "atan2",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static TokenKind KindOf(string word) =>
        IsOneOf(Numbers, word) ? TokenKind.Number
        : IsOneOf(Operators, word) ? TokenKind.Operator
        : Aggregator(word) is not null ? TokenKind.Aggregator
        : IsOneOf(Others, word) ? TokenKind.Keyword
        : IsOneOf(Preprocessors, word) ? TokenKind.Preprocessor
        : TokenKind.Identifier;

    /// <summary>Null where the word is none.</summary>
    public static AggregateOperator? Aggregator(string word)
    {
        foreach (var aggregator in AllAggregators)
        {
            if (word.Equals(aggregator.Symbol(), StringComparison.OrdinalIgnoreCase))
            {
                return aggregator;
            }
        }
        return null;
    }

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

    private static bool IsOneOf(string[] words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);
}
