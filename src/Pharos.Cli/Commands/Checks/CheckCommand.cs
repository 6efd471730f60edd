using System.CommandLine;
using Pharos.Server.Checks;

namespace Pharos.Cli.Commands.Checks;

/// <summary><c>pharos check [PATH...]</c>, and promtool's checks of one kind of file below it.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Files, or folders whose files are found by content; here where none is given.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var format = new Option<CheckFormat>("--format") { Description = "text, json or sarif." };
        var command = new Command("check", "Validates every file and prints what is honoured; or, by a verb, checks as promtool does.")
        {
            paths, format,
            FileCheckCommands.Config(), FileCheckCommands.Rules(), FileCheckCommands.WebConfig(),
            MetricsCheckCommand.Create(),
            ServerCheckCommands.Healthy(), ServerCheckCommands.Ready(), ServerCheckCommands.ServiceDiscovery(),
        };
        // promtool takes them before or after the verb; here every feature of the language is always on.
        command.Add(new Option<string[]>("--enable-feature") { Description = "Accepted; the whole language is always known.", Recursive = true });
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(paths)!;
            var report = ConfigCheck.Run(given.Length == 0 ? ["."] : given);
            CheckWriter.Write(report, parsed.GetValue(format), Console.Out);
            return report.ExitCode;
        });
        return command;
    }
}
