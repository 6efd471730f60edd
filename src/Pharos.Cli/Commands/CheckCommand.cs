using System.CommandLine;
using Pharos.Server.Checks;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos check [PATH...]</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, or folders whose files are found by content; here where none is given." };
        var format = new Option<CheckFormat>("--format") { Description = "text, json or sarif." };
        var command = new Command("check", "Validates every file and prints what is honoured.") { paths, format };
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
