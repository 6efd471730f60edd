using System.Collections.Frozen;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Words with a meaning. Case does not matter; nearly all of them may still name a metric or a label.</summary>
internal static class Keywords
{
    private static readonly FrozenDictionary<string, TokenKind> Kinds = Build();

    private static readonly FrozenSet<string> NeverMetricNames = new[]
    {
        "bool", "on", "ignoring", "group_left", "group_right", "atan2",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static readonly FrozenDictionary<string, AggregateOperator> Aggregators =
        Enum.GetValues<AggregateOperator>().ToFrozenDictionary(op => op.Symbol(), StringComparer.OrdinalIgnoreCase);

    public static TokenKind KindOf(string word) => Kinds.GetValueOrDefault(word, TokenKind.Identifier);

    public static bool MayNameMetric(Token token) => token.Kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Aggregator => true,
        TokenKind.Keyword or TokenKind.Operator => char.IsAsciiLetter(token.Text[0]) && !NeverMetricNames.Contains(token.Text),
        _ => false,
    };

    /// <summary>Whether the token may stand where a label's name is wanted.</summary>
    public static bool MayNameLabel(Token token) =>
        token.Kind is TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Aggregator or TokenKind.Keyword
        || (token.Kind == TokenKind.Operator && char.IsAsciiLetter(token.Text[0]))
        || (token.Kind == TokenKind.Number && char.IsAsciiLetter(token.Text[0]));

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
            "fill_left", "fill_right", "bool", "start", "end", "step", "range",
        })
        {
            kinds[word] = TokenKind.Keyword;
        }
        return kinds.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
