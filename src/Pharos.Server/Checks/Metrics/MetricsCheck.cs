using System.Globalization;

namespace Pharos.Server.Checks.Metrics;

/// <summary>What <c>promtool check metrics</c> does: conventions, and how many series each family makes.</summary>
public static class MetricsCheck
{
    /// <summary>More than any exposition; keeps a pipe without an end from filling the memory.</summary>
    private const int MaxBytes = 512 * 1024 * 1024;

    /// <summary>The blanks between two columns (promtool's tabwriter).</summary>
    private const int Padding = 4;

    /// <returns>0 where all is well, 3 where a convention is broken, 1 where the text cannot be read.</returns>
    /// <param name="lint">Check the conventions.</param>
    /// <param name="extended">Print the number of series of each family.</param>
    public static async Task<int> RunAsync(
        Stream input, bool lint, bool extended, TextWriter output, TextWriter errorOutput, CancellationToken cancellation)
    {
        if (!lint && !extended)
        {
            await errorOutput.WriteLineAsync("error: at least one of --extended or linting must be enabled");
            await errorOutput.WriteLineAsync("Use --extended for cardinality analysis, or remove --lint=none to enable linting");
            return CheckExit.Failure;
        }
        IReadOnlyList<TextFamily> families;
        try
        {
            families = TextFamilyReader.Read(await ReadAsync(input, cancellation));
        }
        catch (FormatException e)
        {
            await errorOutput.WriteLineAsync($"error while {(lint ? "linting" : "parsing text to metric families")}: {e.Message}");
            return CheckExit.Failure;
        }
        var problems = lint ? MetricLint.Problems(families) : [];
        foreach (var (metric, text) in problems)
        {
            await errorOutput.WriteLineAsync($"{metric} {text}");
        }
        if (extended)
        {
            PrintCardinality(families, output);
        }
        return problems.Count > 0 ? CheckExit.Lint : CheckExit.Success;
    }

    /// <exception cref="FormatException">There is more than any exposition has.</exception>
    internal static async Task<byte[]> ReadAsync(Stream input, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await input.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (all.Length + read > MaxBytes)
            {
                throw new FormatException($"the input is larger than {MaxBytes} bytes");
            }
            all.Write(buffer, 0, read);
        }
        return all.ToArray();
    }

    /// <summary>The number of series of each family, most first.</summary>
    internal static IReadOnlyList<(string Name, int Series)> Cardinality(IEnumerable<TextFamily> families) =>
    [
        .. families.Select(static family => (family.Name, family.Kind is TextFamilyKind.Histogram or TextFamilyKind.Summary
            ? family.Metrics.Count * (2 + family.Metrics[0].Points.Count) : family.Metrics.Count))
            .OrderByDescending(static row => row.Item2),
    ];

    private static void PrintCardinality(IReadOnlyList<TextFamily> families, TextWriter output)
    {
        var rows = Cardinality(families);
        var total = rows.Sum(static row => row.Series);
        List<string[]> cells =
        [
            ["Metric", "Cardinality", "Percentage"],
            .. rows.Select(row => (string[])[row.Name, row.Series.ToString(CultureInfo.InvariantCulture),
                ((double)row.Series / total * 100).ToString("F2", CultureInfo.InvariantCulture) + "%"]),
            ["Total", total.ToString(CultureInfo.InvariantCulture), "100%"],
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length) + Padding).ToArray();
        foreach (var row in cells)
        {
            output.WriteLine(string.Concat(row.Select((cell, column) => cell.PadRight(widths[column]))));
        }
    }
}
