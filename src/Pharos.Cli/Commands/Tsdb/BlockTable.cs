using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>Blocks as promtool lists them.</summary>
internal static class BlockTable
{
    // Go's tabwriter with a minimal width of 13 and a padding of 2, as promtool sets it.
    private const int MinWidth = 13;
    private const int Padding = 2;

    private static readonly string[] Header =
        ["BLOCK ULID", "MIN TIME", "MAX TIME", "DURATION", "NUM SAMPLES", "NUM CHUNKS", "NUM SERIES", "SIZE"];

    public static void Print(IEnumerable<BlockRow> blocks, bool withHeader, bool humanReadable, TextWriter output)
    {
        var rows = blocks.Select(block => Cells(block, humanReadable)).ToList();
        if (withHeader)
        {
            rows.Insert(0, Header);
        }
        var widths = Enumerable.Range(0, Header.Length)
            .Select(column => Math.Max(MinWidth, rows.Select(row => row[column].Length + Padding).DefaultIfEmpty(0).Max())).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Concat(row.Select((cell, column) =>
                column == row.Length - 1 ? cell : cell.PadRight(widths[column]))));
        }
    }

    private static string[] Cells(BlockRow block, bool humanReadable) =>
    [
        block.Name,
        Time(block.MinTimeMs, humanReadable),
        Time(block.MaxTimeMs, humanReadable),
        GoDuration.Format(TimeSpan.FromMilliseconds(block.MaxTimeMs - block.MinTimeMs)),
        Number(block.SampleCount),
        Number(block.ChunkCount),
        Number(block.SeriesCount),
        humanReadable ? Bytes(block.SizeBytes) : Number(block.SizeBytes),
    ];

    private static string Time(long timeMs, bool humanReadable) => humanReadable
        ? DateTimeOffset.FromUnixTimeSeconds(timeMs / 1000).ToString("yyyy-MM-dd HH:mm:ss '+0000 UTC'", CultureInfo.InvariantCulture)
        : Number(timeMs);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whole units from the largest down: <c>1MiB2KiB3B</c>.</summary>
    private static string Bytes(long bytes)
    {
        var text = "";
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        for (var i = units.Length - 1; i >= 0; i--)
        {
            var count = (bytes >> (10 * i)) & (i == units.Length - 1 ? long.MaxValue : 1023);
            text += count > 0 ? $"{count}{units[i]}" : "";
        }
        return text.Length == 0 ? "0B" : text;
    }
}
