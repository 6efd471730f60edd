namespace Pharos.Server.Dashboards.Data;

/// <summary>A table on its way through transformations: columns of equal length, cells string, double or null.</summary>
internal sealed class DataTable
{
    public List<Column> Columns { get; } = [];

    public int RowCount => Columns.Count == 0 ? 0 : Columns[0].Cells.Count;

    /// <param name="Type"><c>string</c>, <c>number</c> or <c>time</c>.</param>
    internal sealed record Column(string Name, string Type, List<object?> Cells);
}
