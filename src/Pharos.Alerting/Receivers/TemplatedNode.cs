namespace Pharos.Alerting.Receivers;

/// <summary>A value of a receiver's structured field (PagerDuty <c>details</c>, webhook <c>payload</c>) as the user wrote
/// it: text that is a template, a list, a map, or a literal that is no text.</summary>
public abstract record TemplatedNode
{
    private TemplatedNode()
    {
    }

    public static implicit operator TemplatedNode(string template) => new Text(template);

    /// <summary>A template; where its rendered text reads as a YAML map, list, number or boolean it becomes that.</summary>
    public sealed record Text(string Template) : TemplatedNode;

    public sealed record List(IReadOnlyList<TemplatedNode> Items) : TemplatedNode;

    public sealed record Map(IReadOnlyDictionary<string, TemplatedNode> Entries) : TemplatedNode;

    /// <summary>null, bool, long or double.</summary>
    public sealed record Literal(object? Value) : TemplatedNode;
}
