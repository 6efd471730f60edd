namespace Pharos.Server.Checks.Metrics;

/// <summary>A family of the plain text format with all that it says about itself.</summary>
internal sealed class TextFamily(string name)
{
    public string Name => name;

    /// <summary>Null where there is no <c>HELP</c> line; an empty one is a help text.</summary>
    public string? Help { get; set; }

    /// <summary>Null until a <c>TYPE</c> line or a sample settles it.</summary>
    public TextFamilyKind? Kind { get; set; }

    public List<TextMetric> Metrics { get; } = [];
}
