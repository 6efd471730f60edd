namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>What joins two values, or stands before one.</summary>
public enum FieldOperator
{
    And,
    Or,
    Equal,
    NotEqual,
    Matches,
    NotMatches,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,

    /// <summary>Before one value.</summary>
    Not,
}
