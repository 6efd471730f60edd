namespace Pharos.Query.PromQL.Syntax;

/// <summary>Leaves the parser at the first text that fits no rule; never leaves this namespace.</summary>
internal sealed class SyntaxFailure(ParseError error) : Exception(error.Message)
{
    public ParseError Error { get; } = error;
}
