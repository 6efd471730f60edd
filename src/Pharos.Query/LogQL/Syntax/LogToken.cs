using Pharos.Query.LogQL.Forms;

namespace Pharos.Query.LogQL.Syntax;

/// <param name="Text">As it stands in the query; of a string what it means.</param>
/// <param name="Start">In UTF-16 units.</param>
internal readonly record struct LogToken(LogTokenKind Kind, string Text, int Start)
{
    /// <summary>How an error text names it.</summary>
    public string Description => Kind switch
    {
        LogTokenKind.End => "$end",
        LogTokenKind.Identifier => LogKeywords.IsReserved(Text) ? Text : "IDENTIFIER",
        LogTokenKind.String => "STRING",
        LogTokenKind.Number => "NUMBER",
        LogTokenKind.Duration => "DURATION",
        LogTokenKind.Bytes => "BYTES",
        LogTokenKind.Range => "RANGE",
        LogTokenKind.Flag => "PARSER_FLAG",
        _ => Text,
    };

    public bool Is(string symbol) => Kind == LogTokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == LogTokenKind.Identifier && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);
}
