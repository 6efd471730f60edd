using System.CommandLine;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb create-blocks-from openmetrics|rules</c>.</summary>
internal static class CreateBlocksCommand
{
    private const string DefaultOutput = "data/";

    public static Command Create() => new("create-blocks-from", "Makes Prometheus blocks from other things.")
    {
        OpenMetrics(),
        RuleBackfillCommand.Create(),
    };

    private static Command OpenMetrics()
    {
        var input = new Argument<string>("FILE") { Description = "OpenMetrics file to read samples from." };
        var output = new Argument<string>("DIR")
        {
            Description = "Output directory for generated blocks.",
            DefaultValueFactory = _ => DefaultOutput,
        };
        var human = TsdbCommand.HumanReadable();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not print created blocks." };
        var command = new Command("openmetrics", "Makes blocks from OpenMetrics text with timestamps.") { input, output, human, quiet };
        command.Run((parsed, _) =>
        {
            var directory = parsed.GetValue(output)!;
            var (series, _) = OpenMetricsFile.Read(parsed.GetValue(input)!);
            Directory.CreateDirectory(directory);
            var printer = new CreatedBlocks(directory, parsed.GetValue(quiet), parsed.GetValue(human), Console.Out);
            new BlockExport(directory, ChunkFormat.Classic, TimeProvider.System, printer.Add).Write(series);
            return Task.FromResult(0);
        });
        return command;
    }
}
