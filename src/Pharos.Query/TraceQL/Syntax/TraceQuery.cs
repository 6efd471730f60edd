using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>A whole query.</summary>
/// <param name="Hints">What stands in <c>with (...)</c>, in order.</param>
public sealed record TraceQuery(TraceExpr Expr, IReadOnlyList<KeyValuePair<string, TraceValue>> Hints)
{
    public bool TryHint(string name, out TraceValue value)
    {
        foreach (var hint in Hints)
        {
            if (hint.Key == name)
            {
                value = hint.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    public override string ToString() => Hints.Count == 0 ? Expr.ToString()
        : $"{Expr} with ({string.Join(", ", Hints.Select(static hint => $"{hint.Key}={hint.Value}"))})";
}
