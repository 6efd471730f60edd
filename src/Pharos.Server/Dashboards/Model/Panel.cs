namespace Pharos.Server.Dashboards.Model;

/// <summary>One panel, or a row with the panels that belong to it while it is collapsed.</summary>
public sealed record Panel
{
    public required int Id { get; init; }

    /// <summary><c>timeseries</c>, <c>stat</c>, <c>gauge</c>, <c>bargauge</c>, <c>table</c>, <c>row</c>, <c>text</c> or
    /// <c>unsupported</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The type that the file names, for instance <c>graph</c>.</summary>
    public required string SourceType { get; init; }

    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    public GridPosition GridPos { get; init; } = GridPosition.Default;

    public bool Collapsed { get; init; }

    public IReadOnlyList<Panel> Panels { get; init; } = [];

    public FieldConfig FieldConfig { get; init; } = new();

    public IReadOnlyList<PanelQuery> Queries { get; init; } = [];

    public TextContent? Text { get; init; }

    public IReadOnlyList<Transformation> Transformations { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];
}
