namespace Pharos.Cli.Commands;

/// <summary>Rows in columns of equal width, two blanks apart.</summary>
internal static class Table
{
    public static void Print(IReadOnlyList<string[]> rows)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            Console.Out.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
