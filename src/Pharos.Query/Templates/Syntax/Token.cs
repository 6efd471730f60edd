using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Syntax;

/// <param name="Position">In characters from the start of the text.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, int Line)
{
    private const int LongestQuoted = 10;

    /// <summary>As error texts name it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Error => Text,
        >= TokenKind.Block => $"<{Text}>",
        _ when Text.Length > LongestQuoted => GoQuote.Quote(Text[..LongestQuoted]) + "...",
        _ => GoQuote.Quote(Text),
    };
}
