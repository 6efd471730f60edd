namespace Pharos.Query.PromQL.Syntax;

/// <summary>What an expression evaluates to.</summary>
public enum ExprType
{
    None,
    Scalar,
    Vector,
    Matrix,
    String,
}

public static class ExprTypes
{
    /// <summary>The type's name in error texts.</summary>
    public static string Documented(this ExprType type) => type switch
    {
        ExprType.Vector => "instant vector",
        ExprType.Matrix => "range vector",
        ExprType.None => "none",
        _ => Name(type),
    };

    /// <summary>The type's name in the API (<c>resultType</c>).</summary>
    public static string Name(this ExprType type) => type switch
    {
        ExprType.Scalar => "scalar",
        ExprType.Vector => "vector",
        ExprType.Matrix => "matrix",
        ExprType.String => "string",
        _ => "none",
    };
}
