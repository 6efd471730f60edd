using System.CommandLine;
using Pharos.Server.Checks;
using Pharos.Server.Checks.Metrics;

namespace Pharos.Cli.Commands.Checks;

/// <summary><c>pharos check metrics</c>: metrics on standard input against Prometheus' conventions.</summary>
internal static class MetricsCheckCommand
{
    public static Command Create()
    {
        var extended = new Option<bool>("--extended") { Description = "Print how many series each metric has." };
        var lint = new Option<string>("--lint")
        {
            Description = "all or none.",
            DefaultValueFactory = _ => LintSettings.All,
        };
        var command = new Command("metrics", "Checks metrics on standard input against the naming conventions.") { extended, lint };
        command.Do(async (parsed, cancellation) =>
        {
            await using var input = Console.OpenStandardInput();
            return await MetricsCheck.RunAsync(
                input, parsed.GetValue(lint) != LintSettings.None, parsed.GetValue(extended), Console.Out, Console.Error, cancellation);
        });
        return command;
    }
}
