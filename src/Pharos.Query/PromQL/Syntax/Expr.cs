namespace Pharos.Query.PromQL.Syntax;

/// <summary>A node of a parsed query.</summary>
/// <remarks>Immutable. <see cref="object.ToString"/> is one line of PromQL that parses back to the same tree.</remarks>
public abstract record Expr
{
    /// <summary>The node's text in the query it was parsed from.</summary>
    public PositionRange Position { get; init; }

    public abstract ExprType Type { get; }

    /// <summary>The expressions directly below, in the order of the text; those that compute durations are left out.</summary>
    public virtual IEnumerable<Expr> Children => [];

    /// <summary>The expression inside any parentheses.</summary>
    public Expr Unwrapped() => this is ParenExpr paren ? paren.Inner.Unwrapped() : this;

    /// <summary>The expression as Prometheus lays it out for people: what is longer than a line stands on several.</summary>
    public string Pretty() => new PrettyPrinter().Print(this);

    public sealed override string ToString() => ExprPrinter.Print(this);
}
