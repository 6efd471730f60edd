namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Leaves the parser at the first text that fits no rule; never leaves TraceQL's parser.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="offset">Where, in UTF-16 units; -1 where the query as a whole is wrong.</param>
internal sealed class TraceSyntaxFailure(string message, int offset = -1) : Exception(message)
{
    public int Offset { get; } = offset;
}
