namespace Pharos.Server.Dashboards.Data;

/// <summary>What a panel draws, ready to draw. Exactly one of the three shapes is filled, by <see cref="Kind"/>.</summary>
public sealed record PanelFrame
{
    /// <summary><c>series</c>, <c>stat</c> or <c>table</c>.</summary>
    public required string Kind { get; init; }

    public long? StepMs { get; init; }

    /// <summary>One time axis for all series, milliseconds.</summary>
    public IReadOnlyList<long>? Times { get; init; }

    public IReadOnlyList<FrameSeries>? Series { get; init; }

    public IReadOnlyList<StatTile>? Tiles { get; init; }

    public IReadOnlyList<TableColumn>? Columns { get; init; }

    /// <summary>Cells are string, number or null.</summary>
    public IReadOnlyList<IReadOnlyList<object?>>? Rows { get; init; }

    public IReadOnlyList<IReadOnlyList<TableCell?>>? Cells { get; init; }

    public NoDataReason? NoData { get; init; }

    public IReadOnlyList<QueryError> Errors { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<ExecutedQuery> ExecutedQueries { get; init; } = [];
}
