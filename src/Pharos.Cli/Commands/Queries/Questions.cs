using System.CommandLine;

namespace Pharos.Cli.Commands.Queries;

/// <summary>Runs a verb whose faults promtool prints without its own name before them.</summary>
internal static class Questions
{
    public static void Ask(this Command command, Func<ParseResult, CancellationToken, Task> action) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                await action(parsed, cancellation);
                return 0;
            }
            catch (Exception e) when (e is ServerClientException or FormatException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
}
