using System.CommandLine;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb create-blocks-from openmetrics|rules</c>.</summary>
internal static class CreateBlocksCommand
{
    private const string DefaultOutput = "data/";

    public static Command Create()
    {
        var human = TsdbCommand.HumanReadable();
        human.Recursive = true;
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not print created blocks.", Recursive = true };
        var longest = new Option<string?>("--max-block-duration") { Description = "Accepted; blocks span two hours.", Hidden = true, Recursive = true };
        return new("create-blocks-from", "Makes Prometheus blocks from other things.")
        {
            human, quiet, longest, OpenMetrics(human, quiet), RuleBackfillCommand.Create(human, quiet),
        };
    }

    private static Command OpenMetrics(Option<bool> human, Option<bool> quiet)
    {
        var input = new Argument<string>("FILE") { Description = "OpenMetrics file to read samples from." };
        var output = new Argument<string>("DIR")
        {
            Description = "Output directory for generated blocks.",
            DefaultValueFactory = _ => DefaultOutput,
        };
        var label = new Option<string[]>("--label")
        {
            Description = "NAME=VALUE: put on every series; can be repeated.",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("openmetrics", "Makes blocks from OpenMetrics text with timestamps.") { input, output, label };
        command.Run((parsed, _) =>
        {
            var directory = parsed.GetValue(output)!;
            var (series, _) = OpenMetricsFile.Read(parsed.GetValue(input)!);
            series = Labelled(series, parsed.GetValue(label)!);
            Directory.CreateDirectory(directory);
            var printer = new CreatedBlocks(directory, parsed.GetValue(quiet), parsed.GetValue(human), Console.Out);
            new BlockExport(directory, ChunkFormat.Classic, TimeProvider.System, printer.Add).Write(series);
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>A series that already has such a label gets the given value; series that become one are put together.</summary>
    private static Dictionary<LabelSet, SampleBuffer> Labelled(Dictionary<LabelSet, SampleBuffer> series, string[] words)
    {
        if (words.Length == 0)
        {
            return series;
        }
        var labels = words.Select(static word => word.Split('=', 2) is [{ Length: > 0 } name, var value] ? (name, value)
            : throw new FormatException($"expected KEY=VALUE got '{word}'")).ToList();
        var labelled = new Dictionary<LabelSet, SampleBuffer>();
        foreach (var (key, samples) in series)
        {
            var builder = new LabelSetBuilder(key);
            labels.ForEach(label => builder.Set(label.name, label.value));
            var together = builder.Build();
            if (!labelled.TryAdd(together, samples))
            {
                for (var i = 0; i < samples.Count; i++)
                {
                    samples.CopyTo(labelled[together], i);
                }
                labelled[together].SortByTime();
            }
        }
        return labelled;
    }
}
