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
}
