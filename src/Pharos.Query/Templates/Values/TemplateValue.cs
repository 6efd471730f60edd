namespace Pharos.Query.Templates.Values;

/// <summary>A value inside a template: a closed set of kinds, so that nothing is found by reflection.</summary>
public readonly struct TemplateValue
{
    private readonly object? _reference;
    private readonly long _bits;

    private TemplateValue(TemplateKind kind, object? reference, long bits)
    {
        Kind = kind;
        _reference = reference;
        _bits = bits;
    }

    public static TemplateValue None => default;

    public TemplateKind Kind { get; }

    public bool Bool => _bits != 0;

    public long Integer => _bits;

    public double Float => BitConverter.Int64BitsToDouble(_bits);

    public string Text => (string)_reference!;

    public TemplateList List => (TemplateList)_reference!;

    public TemplateMap Map => (TemplateMap)_reference!;

    public TemplateObject Object => (TemplateObject)_reference!;

    public bool IsText => Kind is TemplateKind.Text or TemplateKind.Html or TemplateKind.Url;

    /// <summary>The registered type, for the kinds that have one.</summary>
    public TemplateType? Type => Kind switch
    {
        TemplateKind.List => List.Type,
        TemplateKind.Map => Map.Type,
        TemplateKind.Object => Object.Type,
        TemplateKind.Integer => (TemplateType?)_reference,
        _ => null,
    };

    /// <summary>The name of the type in Go.</summary>
    public string TypeName => Kind switch
    {
        TemplateKind.None => "<nil>",
        TemplateKind.Bool => "bool",
        TemplateKind.Integer => Type?.Name ?? "int",
        TemplateKind.Float => "float64",
        TemplateKind.Text => "string",
        TemplateKind.Html => "template.HTML",
        TemplateKind.Url => "template.URL",
        _ => Type!.Name,
    };

    /// <summary>Go templates' truth: everything but the zero of its kind; objects are always true.</summary>
    public bool IsTrue => Kind switch
    {
        TemplateKind.None => false,
        TemplateKind.Bool or TemplateKind.Integer => _bits != 0,
        TemplateKind.Float => Float != 0,
        TemplateKind.Text or TemplateKind.Html or TemplateKind.Url => Text.Length > 0,
        TemplateKind.List => List.Items.Count > 0,
        TemplateKind.Map => Map.Entries.Count > 0,
        _ => true,
    };

    public static implicit operator TemplateValue(string text) => new(TemplateKind.Text, text, 0);

    public static implicit operator TemplateValue(bool value) => new(TemplateKind.Bool, null, value ? 1 : 0);

    public static implicit operator TemplateValue(long value) => new(TemplateKind.Integer, null, value);

    public static implicit operator TemplateValue(double value) =>
        new(TemplateKind.Float, null, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator TemplateValue(TemplateList list) => new(TemplateKind.List, list, 0);

    public static implicit operator TemplateValue(TemplateMap map) => new(TemplateKind.Map, map, 0);

    public static implicit operator TemplateValue(TemplateObject value) => new(TemplateKind.Object, value, 0);

    public static TemplateValue SafeHtml(string html) => new(TemplateKind.Html, html, 0);

    public static TemplateValue SafeUrl(string url) => new(TemplateKind.Url, url, 0);

    /// <summary>An integer of a named type, such as a duration in nanoseconds.</summary>
    public static TemplateValue Typed(long value, TemplateType type) => new(TemplateKind.Integer, type, value);

    public static TemplateValue Strings(IEnumerable<string> items) =>
        new TemplateList(TemplateType.StringList, [.. items.Select(static item => (TemplateValue)item)]);
}
