namespace Pharos.Query.PromQL.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    MetricIdentifier,
    String,
    Number,
    Duration,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Colon,
    Assign,
    RegexEqual,
    RegexNotEqual,
    At,

    /// <summary>Arithmetic, comparison and set operators, told apart by their text.</summary>
    Operator,
    Aggregator,
    Keyword,

    /// <summary><c>start</c>, <c>end</c>, <c>step</c>, <c>range</c>, <c>min_of</c>, <c>max_of</c>: names unless a parenthesis
    /// follows.</summary>
    Preprocessor,
}
