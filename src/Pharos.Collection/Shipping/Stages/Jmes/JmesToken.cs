namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <param name="Text">The symbol, the name, or the text as it was written.</param>
/// <param name="Value">Of a number or a literal.</param>
/// <param name="At">Characters before it.</param>
internal sealed record JmesToken(JmesTokenKind Kind, string Text, object? Value, int At)
{
    public bool Is(string symbol) => Kind == JmesTokenKind.Symbol && Text == symbol;
}
