using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <param name="Text">As it stands in the query; for keywords and operators compare without case.</param>
internal readonly record struct Token(TokenKind Kind, int Start, string Text)
{
    public int End => Start + Text.Length;

    public PositionRange Position => new(Start, End);

    public bool Is(string word) => Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The token in an error text, in Prometheus' words.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.End => "end of input",
        TokenKind.Identifier => $"identifier {GoQuote.Quote(Text)}",
        TokenKind.MetricIdentifier => $"metric identifier {GoQuote.Quote(Text)}",
        TokenKind.String => $"string {Abbreviated()}",
        TokenKind.Number => $"number {Abbreviated()}",
        TokenKind.Duration => $"duration {Abbreviated()}",
        TokenKind.Keyword => $"<{Text}>",
        TokenKind.Operator or TokenKind.RegexEqual or TokenKind.RegexNotEqual or TokenKind.At => $"<op:{Text}>",
        TokenKind.Aggregator => $"<aggr:{Text}>",
        _ => Abbreviated(),
    };

    private string Abbreviated()
    {
        if (Encoding.UTF8.GetByteCount(Text) <= 10)
        {
            return GoQuote.Quote(Text);
        }
        var first = new StringBuilder();
        foreach (var rune in Text.EnumerateRunes().Take(10))
        {
            first.Append(rune.ToString());
        }
        return GoQuote.Quote(first.ToString()) + "...";
    }
}
