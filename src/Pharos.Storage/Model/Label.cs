namespace Pharos.Storage.Model;

/// <summary>One name and value of a label set. The value is never null; an empty value means "not there".</summary>
public readonly record struct Label(string Name, string Value)
{
    /// <summary>The label that holds the metric's name.</summary>
    public const string MetricName = "__name__";

    /// <summary>The label that may hold the metric's type.</summary>
    public const string MetricType = "__type__";

    /// <summary>The label that may hold the metric's unit.</summary>
    public const string MetricUnit = "__unit__";

    public override string ToString() => $"{Name}=\"{Value}\"";
}
