using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>What a line's labels must be for the line to stay.</summary>
public abstract record LabelFilter
{
    private LabelFilter()
    {
    }

    public sealed override string ToString() => LogExprPrinter.Print(this);

    /// <summary>On the text of a label; one that is missing reads as the empty text.</summary>
    public sealed record Text(LabelMatcher Matcher) : LabelFilter;

    public sealed record Number(string Name, Comparison Comparison, double Value) : LabelFilter;

    public sealed record Duration(string Name, Comparison Comparison, long ValueNs) : LabelFilter;

    public sealed record Bytes(string Name, Comparison Comparison, ulong Value) : LabelFilter;

    /// <param name="Pattern">An address, a range of addresses or a network.</param>
    public sealed record Ip(string Name, bool Negated, string Pattern) : LabelFilter;

    /// <summary>All must hold; at least two.</summary>
    public sealed record All(IReadOnlyList<LabelFilter> Parts) : LabelFilter;

    /// <summary>One must hold; at least two.</summary>
    public sealed record Any(IReadOnlyList<LabelFilter> Parts) : LabelFilter;
}
