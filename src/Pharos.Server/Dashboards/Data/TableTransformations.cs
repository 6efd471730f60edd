using System.Text.RegularExpressions;
using Pharos.Server.Dashboards.Model;
using Pharos.Server.Dashboards.Reading;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Applies a panel's transformations to its table; an unknown one is passed over (the panel carries a warning).</summary>
internal static class TableTransformations
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(100);

    public static DataTable Apply(DataTable table, IReadOnlyList<Transformation> steps)
    {
        foreach (var step in steps)
        {
            table = step.Id switch
            {
                "organize" => Organize(table, step),
                "filterFieldsByName" => FilterByName(table, step),
                "renameByRegex" => RenameByRegex(table, step),
                "sortBy" => SortBy(table, step),
                "limit" => Limit(table, step.Options.Int("limitField", 10)),
                _ => table,
            };
        }
        return table;
    }

    private static DataTable Organize(DataTable table, Transformation step)
    {
        var excluded = step.Options.Object("excludeByName");
        var renamed = step.Options.Object("renameByName");
        var order = step.Options.Object("indexByName");
        var result = new DataTable();
        result.Columns.AddRange(table.Columns.Where(column => !excluded.Flag(column.Name))
            .OrderBy(column => order.Number(column.Name) ?? double.MaxValue)
            .Select(column => column with { Name = renamed.Text(column.Name) is { Length: > 0 } name ? name : column.Name }));
        return result;
    }

    private static DataTable FilterByName(DataTable table, Transformation step)
    {
        var include = step.Options.Object("include");
        var names = include.Texts("names");
        var pattern = include.Text("pattern");
        if (names.Count == 0 && pattern.Length == 0)
        {
            return table;
        }
        var result = new DataTable();
        result.Columns.AddRange(table.Columns.Where(column =>
            names.Contains(column.Name, StringComparer.Ordinal) || (pattern.Length > 0 && Matches(column.Name, pattern))));
        return result;
    }

    private static DataTable RenameByRegex(DataTable table, Transformation step)
    {
        var pattern = step.Options.Text("regex").Trim('/');
        var replacement = step.Options.Text("renamePattern");
        var result = new DataTable();
        result.Columns.AddRange(table.Columns.Select(column => column with
        {
            Name = Matches(column.Name, pattern)
                ? Regex.Replace(column.Name, pattern, replacement, RegexOptions.None, RegexTimeout) : column.Name,
        }));
        return result;
    }

    private static DataTable SortBy(DataTable table, Transformation step)
    {
        var sort = step.Options.Objects("sort").FirstOrDefault();
        var key = table.Columns.FirstOrDefault(column => column.Name == sort.Text("field"));
        if (key is null)
        {
            return table;
        }
        var rows = Enumerable.Range(0, table.RowCount).OrderBy(row => key.Cells[row], Comparer<object?>.Create(CompareCells));
        return Pick(table, sort.Flag("desc") ? rows.Reverse() : rows);
    }

    private static DataTable Limit(DataTable table, int rows) => Pick(table, Enumerable.Range(0, Math.Min(rows, table.RowCount)));

    private static DataTable Pick(DataTable table, IEnumerable<int> rows)
    {
        var order = rows.ToArray();
        var result = new DataTable();
        result.Columns.AddRange(table.Columns.Select(column => column with { Cells = [.. order.Select(row => column.Cells[row])] }));
        return result;
    }

    private static int CompareCells(object? a, object? b) => (a, b) switch
    {
        (double x, double y) => x.CompareTo(y),
        _ => string.CompareOrdinal(a?.ToString(), b?.ToString()),
    };

    private static bool Matches(string name, string pattern)
    {
        try
        {
            return Regex.IsMatch(name, pattern.Trim('/'), RegexOptions.None, RegexTimeout);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
