using System.CommandLine;
using System.CommandLine.Invocation;
using Pharos.Cli.Commands;
using Pharos.Cli.Commands.Alerts;
using Pharos.Cli.Commands.Checks;
using Pharos.Cli.Commands.Queries;
using Pharos.Cli.Commands.Tsdb;

namespace Pharos.Cli;

/// <summary>All verbs, and how their arguments are read.</summary>
internal static class CommandLine
{
    /// <summary>The exit status for arguments that cannot be understood.</summary>
    private const int UsageError = 2;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var root = Root();
        if (FlagSpelling.Normalize(root, args, out var error) is not { } normal)
        {
            await Console.Error.WriteLineAsync($"pharos: {error}");
            return UsageError;
        }
        var parsed = root.Parse(normal, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (var wrong in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"pharos: {wrong.Message}");
            }
            return UsageError;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>One line per verb; a new verb is added here.</summary>
    private static RootCommand Root() => new("Pharos: metrics, rules, alerting and dashboards in one process.")
    {
        ServeCommand.Create(),
        DemoCommand.Create(),
        QueryCommand.Create(),
        AlertCommand.Create(),
        CheckCommand.Create(),
        SilenceCommand.Create(),
        RoutesCommand.Create(),
        TestCommand.Create(),
        PromqlCommand.Create(),
        PushCommand.Create(),
        TsdbCommand.Create(),
        VersionCommand.Create(),
    };
}
