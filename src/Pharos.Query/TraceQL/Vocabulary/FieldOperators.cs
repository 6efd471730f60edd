using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>What is known of operators on values.</summary>
public static class FieldOperators
{
    private static readonly string[] Symbols = ["&&", "||", "=", "!=", "=~", "!~", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "!"];

    public static string Symbol(this FieldOperator op) => Symbols[(int)op];

    public static bool IsLogic(this FieldOperator op) => op is FieldOperator.And or FieldOperator.Or or FieldOperator.Not;

    public static bool IsComparison(this FieldOperator op) => op is >= FieldOperator.Equal and <= FieldOperator.GreaterOrEqual;

    public static bool IsRegex(this FieldOperator op) => op is FieldOperator.Matches or FieldOperator.NotMatches;

    public static bool IsArithmetic(this FieldOperator op) => op is >= FieldOperator.Add and <= FieldOperator.Power;

    /// <summary>How tightly it binds; <c>&amp;&amp;</c> and <c>||</c> bind alike, as in Tempo.</summary>
    public static int Precedence(this FieldOperator op) => op switch
    {
        FieldOperator.And or FieldOperator.Or => 1,
        FieldOperator.Add or FieldOperator.Subtract => 3,
        FieldOperator.Multiply or FieldOperator.Divide or FieldOperator.Modulo => 5,
        FieldOperator.Power => 6,
        _ => 2,
    };

    /// <summary>The same question with its sides changed.</summary>
    public static FieldOperator Flip(this FieldOperator op) => op switch
    {
        FieldOperator.Less => FieldOperator.Greater,
        FieldOperator.LessOrEqual => FieldOperator.GreaterOrEqual,
        FieldOperator.Greater => FieldOperator.Less,
        FieldOperator.GreaterOrEqual => FieldOperator.LessOrEqual,
        _ => op,
    };

    /// <summary>Whether an operator means something for values of a type.</summary>
    public static bool Takes(this FieldOperator op, TraceValueKind type) => type switch
    {
        TraceValueKind.Any => true,
        TraceValueKind.Bool => op.IsLogic() || op is FieldOperator.Equal or FieldOperator.NotEqual,
        TraceValueKind.Int or TraceValueKind.Float or TraceValueKind.Duration => op.IsArithmetic() || (op.IsComparison() && !op.IsRegex()),
        TraceValueKind.Text => op.IsComparison(),
        _ => op is FieldOperator.Equal or FieldOperator.NotEqual,
    };

    internal static FieldOperator? OfSymbol(string symbol) => symbol == "!" ? null
        : Array.IndexOf(Symbols, symbol) is >= 0 and var at ? (FieldOperator)at : null;
}
