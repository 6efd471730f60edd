namespace Pharos.Collection.Shipping.Stages.Jmes;

internal enum JmesTokenKind
{
    Name,
    Quoted,
    Number,
    Literal,
    Symbol,
    End,
}
