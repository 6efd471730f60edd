using Pharos.Query.Results;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Shapes answers as one table: time, the labels of all rows by name, a value column per query.</summary>
internal static class TableFrames
{
    /// <summary>The rest of a longer table is cut.</summary>
    private const int MaxRows = 5000;

    public static PanelFrame Make(Panel panel, IReadOnlyList<RawTable> answers)
    {
        var table = TableTransformations.Apply(Join(answers), panel.Transformations);
        var displays = table.Columns.Select(column => new FieldDisplay(panel.FieldConfig, column.Name)).ToArray();
        var rows = Enumerable.Range(0, Math.Min(MaxRows, table.RowCount)).ToArray();
        return new PanelFrame
        {
            Kind = "table",
            Columns = [.. table.Columns.Select((column, i) => new TableColumn(displays[i].Name, column.Type, displays[i].Unit))],
            Rows = [.. rows.Select(row => (IReadOnlyList<object?>)[.. table.Columns.Select(column => column.Cells[row])])],
            Cells = [.. rows.Select(row => (IReadOnlyList<TableCell?>)
                [.. table.Columns.Select((column, i) => Cell(column, displays[i], row))])],
        };
    }

    private static TableCell? Cell(DataTable.Column column, FieldDisplay display, int row)
    {
        if (column.Type != "number" || column.Cells[row] is not double value)
        {
            return null;
        }
        var (text, color) = display.Of(value);
        // A table colours cells only where the panel says so by mappings or overrides.
        return new TableCell(text, display.FixedColor ?? (text != Units.Format(value, display.Unit, display.Decimals) ? color : null));
    }

    private static DataTable Join(IReadOnlyList<RawTable> answers)
    {
        var names = answers.SelectMany(answer => answer.Samples).SelectMany(sample => sample.Labels)
            .Select(label => label.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var table = new DataTable();
        table.Columns.Add(new DataTable.Column("Time", "time", []));
        table.Columns.AddRange(names.Select(name => new DataTable.Column(name, "string", [])));
        table.Columns.AddRange(answers.Select(answer => new DataTable.Column(
            answers.Count == 1 ? "Value" : $"Value #{answer.Query.RefId}", "number", [])));
        for (var query = 0; query < answers.Count; query++)
        {
            foreach (var sample in answers[query].Samples)
            {
                AddRow(table, names, sample, 1 + names.Length + query);
            }
        }
        return table;
    }

    private static void AddRow(DataTable table, string[] names, VectorSample sample, int valueColumn)
    {
        table.Columns[0].Cells.Add((double)sample.TimestampMs);
        for (var i = 0; i < names.Length; i++)
        {
            table.Columns[1 + i].Cells.Add(sample.Labels[names[i]]);
        }
        for (var i = 1 + names.Length; i < table.Columns.Count; i++)
        {
            table.Columns[i].Cells.Add(i == valueColumn && double.IsFinite(sample.Value) ? sample.Value : null);
        }
    }
}
