namespace Pharos.Cli.Commands.Alerts;

/// <summary>Rows in columns of equal width, each cell followed by two blanks: as amtool prints them.</summary>
internal static class Table
{
    private const int Gap = 2;

    public static void Print(IReadOnlyList<string[]> rows)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => Width(row[column]))).ToArray();
        foreach (var row in rows)
        {
            Console.Out.WriteLine(string.Concat(row.Select((cell, column) => cell + new string(' ', widths[column] + Gap - Width(cell)))));
        }
    }

    /// <summary>In characters, as Go counts them.</summary>
    private static int Width(string text) => text.EnumerateRunes().Count();
}
