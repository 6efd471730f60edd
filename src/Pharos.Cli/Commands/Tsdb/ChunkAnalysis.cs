using System.Globalization;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>How full the chunks of a block are, as <c>promtool tsdb analyze --extended</c> shows it.</summary>
internal static class ChunkAnalysis
{
    public static void Print(AnalyzedBlock block, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("Compaction analysis:");
        output.WriteLine();
        var chunks = block.Series.SelectMany(static series => series.Chunks).ToList();
        var floats = chunks.Where(static chunk => chunk.Encoding is ChunkEncoding.Xor or ChunkEncoding.Xor2).ToList();
        var histograms = chunks.Where(static chunk => chunk.Encoding is not (ChunkEncoding.Xor or ChunkEncoding.Xor2)).ToList();
        Distribution("samples per float chunk", [.. floats.Select(static chunk => chunk.Count)], chunks.Count, output);
        Distribution("bytes per float chunk", [.. floats.Select(static chunk => chunk.SizeBytes)], chunks.Count, output);
        Distribution("samples per histogram chunk", [.. histograms.Select(static chunk => chunk.Count)], chunks.Count, output);
        Distribution("bytes per histogram chunk", [.. histograms.Select(static chunk => chunk.SizeBytes)], chunks.Count, output);
    }

    private static void Distribution(string what, List<int> values, int total, TextWriter output)
    {
        if (values.Count == 0)
        {
            return;
        }
        var (min, max) = (values.Min(), values.Max());
        var step = 10;
        while (step < (max - min) / 10 && step <= 10_000)
        {
            step *= 10;
        }
        var start = min - (min % step);
        var counts = new int[((max - start) / step) + 1];
        foreach (var value in values)
        {
            counts[(value - start) / step]++;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what} (min/avg/max): {min}/{(long)values.Average()}/{max}"));
        var end = start + (counts.Length * step);
        var (left, right) = (Width(end), Width(end + step));
        for (var i = 0; i < counts.Length; i++)
        {
            var from = start + (i * step);
            output.WriteLine($"[{Text(from, left)}, {Text(from + step, right)}): {Text(counts[i], Width(counts.Max()))} "
                + new string('#', (int)(100L * counts[i] / total)));
        }
        output.WriteLine();
    }

    private static int Width(int number) => Text(number, 0).Length;

    private static string Text(int number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width);
}
