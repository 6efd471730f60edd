using System.CommandLine;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb ...</c>, as promtool, on Prometheus' data folders and on our own.</summary>
internal static class TsdbCommand
{
    private const string DefaultFolder = "data/";

    public static Command Create() => new("tsdb", "Works on data folders of Prometheus and of Pharos.")
    {
        ListCommand.Create(),
        AnalyzeCommand.Create(),
        DumpCommand.Create(),
        DumpCommand.CreateOpenMetrics(),
        ImportCommand.Create(),
        ExportCommand.Create(),
        CreateBlocksCommand.Create(),
        BenchCommand.Create(),
    };

    public static Argument<string> Folder() => new("DIR")
    {
        Description = "The data folder, of Prometheus or of Pharos.",
        DefaultValueFactory = _ => DefaultFolder,
    };

    public static Option<bool> HumanReadable() => new("--human-readable", "-r") { Description = "Print human readable values." };

    public static Option<long> MinTime() => new("--min-time")
    {
        Description = "Earliest timestamp, in milliseconds.",
        DefaultValueFactory = _ => long.MinValue,
    };

    public static Option<long> MaxTime() => new("--max-time")
    {
        Description = "Latest timestamp, in milliseconds.",
        DefaultValueFactory = _ => long.MaxValue,
    };

    public static Option<string[]> Match() => new("--match")
    {
        Description = "Series selector; can be repeated.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Runs a verb; what is wrong with a file or an argument becomes one line and exit status 1.</summary>
    public static void Run(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await action(parsed, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ServerClientException)
            {
                await Console.Error.WriteLineAsync($"pharos: {e.Message}");
                return 1;
            }
        });
}
