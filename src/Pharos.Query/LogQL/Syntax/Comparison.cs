namespace Pharos.Query.LogQL.Syntax;

/// <summary>How a label filter compares a value.</summary>
public enum Comparison
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}
