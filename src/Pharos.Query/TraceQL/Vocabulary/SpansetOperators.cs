namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>How operators on sets of spans are written.</summary>
internal static class SpansetOperators
{
    private static readonly string[] Symbols = ["&&", "||", ">", "<", ">>", "<<", "~"];

    public static string Symbol(SpansetOperator op, StructureForm form) =>
        (form switch { StructureForm.Negated => "!", StructureForm.Union => "&", _ => "" }) + Symbols[(int)op];

    public static (SpansetOperator Operator, StructureForm Form)? OfSymbol(string symbol)
    {
        if (Array.IndexOf(Symbols, symbol) is >= 0 and var at)
        {
            return ((SpansetOperator)at, StructureForm.Plain);
        }
        var form = symbol[0] switch { '!' => StructureForm.Negated, '&' => StructureForm.Union, _ => StructureForm.Plain };
        return form != StructureForm.Plain && Array.IndexOf(Symbols, symbol[1..], 2) is >= 0 and var found ? ((SpansetOperator)found, form) : null;
    }
}
