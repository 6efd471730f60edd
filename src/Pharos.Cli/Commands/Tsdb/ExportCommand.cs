using System.CommandLine;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb export</c>: blocks that Prometheus opens, or OpenMetrics text.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var folder = TsdbCommand.Folder();
        var output = new Option<string?>("--output", "-o") { Description = "Where to: a folder for blocks, a file for text (otherwise printed)." };
        var format = new Option<string>("--format") { Description = "blocks or openmetrics.", DefaultValueFactory = _ => "blocks" };
        format.AcceptOnlyFromAmong("blocks", "openmetrics");
        var starts = new Option<bool>("--start-times") { Description = "Keep start times, in encodings that only new versions of Prometheus read." };
        var min = TsdbCommand.MinTime();
        var max = TsdbCommand.MaxTime();
        var match = TsdbCommand.Match();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not print created blocks." };
        var human = TsdbCommand.HumanReadable();
        var command = new Command("export", "Writes what a data folder holds as Prometheus blocks or as text.")
        {
            folder, output, format, starts, min, max, match, quiet, human,
        };
        command.Run(async (parsed, cancellation) =>
        {
            var to = parsed.GetValue(output);
            var asText = parsed.GetValue(format) == "openmetrics";
            if (to is null && !asText)
            {
                throw new FormatException("blocks need a folder to go to: --output DIR");
            }
            await using var source = TsdbSource.Open(parsed.GetValue(folder)!);
            var selectors = TsdbSource.Selectors(parsed.GetValue(match)!);
            if (source.TimeRange is not { } range)
            {
                throw new IOException($"{parsed.GetValue(folder)} has no samples");
            }
            var (from, until) = (Math.Max(range.MinTimeMs, parsed.GetValue(min)), Math.Min(range.MaxTimeMs, parsed.GetValue(max)));
            if (asText)
            {
                await using var text = to is null ? new StreamWriter(Console.OpenStandardOutput()) : new StreamWriter(to);
                WriteText(source, from, until, selectors, text, cancellation);
                return 0;
            }
            Directory.CreateDirectory(to!);
            var printer = new CreatedBlocks(to!, parsed.GetValue(quiet), parsed.GetValue(human), Console.Out);
            new BlockExport(to!, parsed.GetValue(starts) ? ChunkFormat.WithStartTimes : ChunkFormat.Classic, TimeProvider.System, printer.Add)
                .Write(from, until, source.Querier, selectors, cancellation);
            return 0;
        });
        return command;
    }

    /// <summary>Families together, each with its type where that is known; samples that text cannot carry are counted.</summary>
    private static void WriteText(TsdbSource source, long from, long until,
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, TextWriter output, CancellationToken cancellation)
    {
        using var querier = source.Querier(from, until);
        var samples = new SampleBuffer();
        long histograms = 0;
        foreach (var series in TsdbSource.Select(querier, selectors, cancellation))
        {
            samples.Clear();
            series.Read(from, until, samples);
            var labels = DumpCommand.Exposed(series.Labels);
            for (var i = 0; i < samples.Count; i++)
            {
                if (!samples.Histograms.IsEmpty && samples.Histograms[i] is not null)
                {
                    histograms++;
                }
                else
                {
                    output.WriteLine($"{labels} {GoFloat.FormatG(samples.Values[i])} {DumpCommand.Seconds(samples.Timestamps[i])}");
                }
            }
        }
        output.WriteLine("# EOF");
        if (histograms > 0)
        {
            Console.Error.WriteLine($"pharos: {histograms} native histograms were left out: OpenMetrics text has no form for them");
        }
    }
}
