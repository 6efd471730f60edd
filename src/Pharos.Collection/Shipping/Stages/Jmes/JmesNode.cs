namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>The tree of a JMESPath expression (jmespath.org/specification.html).</summary>
internal abstract record JmesNode
{
    private JmesNode()
    {
    }

    /// <summary><c>@</c>, and what an expression without a left side starts from.</summary>
    public sealed record Current : JmesNode;

    public sealed record Field(string Name) : JmesNode;

    public sealed record Literal(object? Value) : JmesNode;

    /// <summary><c>a.b</c> and <c>a | b</c>: the right side on the value of the left one.</summary>
    public sealed record Then(JmesNode Left, JmesNode Right) : JmesNode;

    public sealed record Index(JmesNode Of, int At) : JmesNode;

    /// <summary>A slice and a projection of the right side over it.</summary>
    public sealed record Slice(JmesNode Of, int? From, int? To, int Step, JmesNode Each) : JmesNode;

    /// <summary><c>[*]</c>: the right side on each item of a list.</summary>
    public sealed record ListProjection(JmesNode Of, JmesNode Each) : JmesNode;

    /// <summary><c>*</c>: the right side on each value of an object.</summary>
    public sealed record ValueProjection(JmesNode Of, JmesNode Each) : JmesNode;

    /// <summary><c>[?condition]</c>.</summary>
    public sealed record FilterProjection(JmesNode Of, JmesNode Condition, JmesNode Each) : JmesNode;

    /// <summary><c>[]</c>: lists inside the list opened, then the right side on each item.</summary>
    public sealed record FlattenProjection(JmesNode Of, JmesNode Each) : JmesNode;

    public sealed record MultiList(IReadOnlyList<JmesNode> Items) : JmesNode;

    public sealed record MultiHash(IReadOnlyList<KeyValuePair<string, JmesNode>> Members) : JmesNode;

    public sealed record Or(JmesNode Left, JmesNode Right) : JmesNode;

    public sealed record And(JmesNode Left, JmesNode Right) : JmesNode;

    public sealed record Not(JmesNode Of) : JmesNode;

    public sealed record Compare(string Operator, JmesNode Left, JmesNode Right) : JmesNode;

    public sealed record Call(string Function, IReadOnlyList<JmesNode> Arguments) : JmesNode;

    /// <summary><c>&amp;a</c>: the expression itself, for functions that apply it.</summary>
    public sealed record Reference(JmesNode Of) : JmesNode;
}
