using Pharos.Query.Templates.Execution;

namespace Pharos.Query.Templates.Values;

/// <summary>What templates may see of a host type: its name in Go (error texts and <c>%T</c> print it), its fields in
/// order, its methods, and how it prints itself.</summary>
public sealed class TemplateType(string name)
{
    /// <summary>The type that a named list or map is made of, for instance <c>map[string]string</c>.</summary>
    public string Underlying { get; init; } = name;

    public string Name { get; } = name;

    public IReadOnlyList<(string Name, Func<object, TemplateValue> Get)> Fields { get; init; } = [];

    public IReadOnlyDictionary<string, TemplateFunction> Methods { get; init; } = new Dictionary<string, TemplateFunction>();

    /// <summary>Whether JSON writes the fields' names with a small first letter.</summary>
    public bool JsonLowersNames { get; init; }

    /// <summary>Go's <c>String()</c>, or null.</summary>
    public Func<TemplateValue, string>? Print { get; init; }

    public static readonly TemplateType StringList = new("[]string");
    public static readonly TemplateType AnyList = new("[]interface {}");
    public static readonly TemplateType StringMap = new("map[string]string");
    public static readonly TemplateType AnyMap = new("map[string]interface {}");
}
