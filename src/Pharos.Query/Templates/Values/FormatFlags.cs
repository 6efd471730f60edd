namespace Pharos.Query.Templates.Values;

/// <summary>What stands between <c>%</c> and the verb.</summary>
public readonly record struct FormatFlags
{
    public bool Plus { get; init; }

    public bool Minus { get; init; }

    public bool Sharp { get; init; }

    public bool Space { get; init; }

    public bool Zero { get; init; }

    public int? Width { get; init; }

    public int? Precision { get; init; }
}
