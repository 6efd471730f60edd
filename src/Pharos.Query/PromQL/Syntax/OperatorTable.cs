namespace Pharos.Query.PromQL.Syntax;

/// <summary>Binary operators by their text, with how tightly they bind.</summary>
internal static class OperatorTable
{
    public const int PowerPrecedence = 6;

    /// <summary>A sign binds as tightly as multiplication, so <c>-a ^ b</c> is <c>-(a ^ b)</c>.</summary>
    public const int UnaryPrecedence = 5;

    /// <summary>Null for a token that is no binary operator.</summary>
    public static (BinaryOperator Operator, int Precedence)? Find(Token token) => token.Kind != TokenKind.Operator ? null
        : token.Text.ToLowerInvariant() switch
        {
            "^" => (BinaryOperator.Power, PowerPrecedence),
            "*" => (BinaryOperator.Multiply, 5),
            "/" => (BinaryOperator.Divide, 5),
            "%" => (BinaryOperator.Modulo, 5),
            "atan2" => (BinaryOperator.Atan2, 5),
            "+" => (BinaryOperator.Add, 4),
            "-" => (BinaryOperator.Subtract, 4),
            "==" => (BinaryOperator.Equal, 3),
            "!=" => (BinaryOperator.NotEqual, 3),
            "<" => (BinaryOperator.Less, 3),
            "<=" => (BinaryOperator.LessOrEqual, 3),
            ">" => (BinaryOperator.Greater, 3),
            ">=" => (BinaryOperator.GreaterOrEqual, 3),
            "</" => (BinaryOperator.TrimUpper, 3),
            ">/" => (BinaryOperator.TrimLower, 3),
            "and" => (BinaryOperator.And, 2),
            "unless" => (BinaryOperator.Unless, 2),
            "or" => (BinaryOperator.Or, 1),
            _ => null,
        };
}
