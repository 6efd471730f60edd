using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <param name="Text">As it stands in the query; of a string what it means.</param>
/// <param name="Start">In UTF-16 units.</param>
/// <param name="Value">Of a literal.</param>
/// <param name="Attribute">Of an attribute.</param>
internal readonly record struct TraceToken(
    TraceTokenKind Kind, string Text, int Start, TraceValue Value = default, FieldExpr.Attribute? Attribute = null)
{
    /// <summary>How an error text names it.</summary>
    public string Description => Kind switch
    {
        TraceTokenKind.End => "$end",
        TraceTokenKind.Word => TraceWords.IsKnown(Text) ? Text : "IDENTIFIER",
        TraceTokenKind.Attribute when Attribute!.OfParent => "parent.",
        TraceTokenKind.Attribute => Text[..(Text.IndexOf('.', StringComparison.Ordinal) + 1)],
        TraceTokenKind.String => "STRING",
        TraceTokenKind.Integer => "INTEGER",
        TraceTokenKind.Float => "FLOAT",
        TraceTokenKind.Duration => "DURATION",
        _ => Text,
    };

    public bool IsLiteral => Kind is TraceTokenKind.String or TraceTokenKind.Integer or TraceTokenKind.Float or TraceTokenKind.Duration;

    public bool Is(string symbol) => Kind == TraceTokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TraceTokenKind.Word && Text == word;
}
