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

    public static Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var root = Root(args is [var verb, ..] ? verb : "");
        if (FlagSpelling.Normalize(root, args, out var error) is not { } normal)
        {
            Console.Error.WriteLine($"pharos: {error}");
            return Task.FromResult(UsageError);
        }
        var parsed = root.Parse(normal, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (var wrong in parsed.Errors)
            {
                Console.Error.WriteLine($"pharos: {wrong.Message}");
            }
            return Task.FromResult(UsageError);
        }
        return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>One line per verb; a new verb is added here.</summary>
    internal static readonly (string Verb, Func<Command> Create)[] Verbs =
    [
        ("serve", ServeCommand.Create),
        ("demo", DemoCommand.Create),
        ("query", QueryCommand.Create),
        ("alert", AlertCommand.Create),
        ("check", CheckCommand.Create),
        ("silence", SilenceCommand.Create),
        ("routes", RoutesCommand.Create),
        ("test", TestCommand.Create),
        ("promql", PromqlCommand.Create),
        ("push", PushCommand.Create),
        ("tsdb", TsdbCommand.Create),
        ("version", VersionCommand.Create),
    ];

    /// <summary>The root with the verb that is wanted, or with all where it is none: hundreds of options take a tenth of a second to make.</summary>
    private static RootCommand Root(string wanted)
    {
        var root = new RootCommand("Pharos: metrics, rules, alerting and dashboards in one process.");
        var isVerb = Array.Exists(Verbs, verb => verb.Verb == wanted);
        foreach (var (verb, create) in Verbs)
        {
            if (!isVerb || verb == wanted)
            {
                root.Add(create());
            }
        }
        return root;
    }
}
