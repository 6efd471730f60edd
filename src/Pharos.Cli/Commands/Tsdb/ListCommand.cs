using System.CommandLine;
using Pharos.Storage.Metrics;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb list</c>.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var folder = TsdbCommand.Folder();
        var human = TsdbCommand.HumanReadable();
        var command = new Command("list", "Lists the blocks of a data folder.") { folder, human };
        command.Run(async (parsed, _) =>
        {
            await using var source = TsdbSource.Open(parsed.GetValue(folder)!);
            var rows = source.Store is { } store
                ? StoredBlock.Of(store).Select(BlockRow.Of) : source.PrometheusBlocks.Select(BlockRow.Of);
            BlockTable.Print(rows, withHeader: true, parsed.GetValue(human), Console.Out);
            return 0;
        });
        return command;
    }
}
