using System.CommandLine;
using Pharos.Cli.Commands.Tsdb;
using Pharos.Server.Checks.RuleTests;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos test rules FILE...</c>: promtool's unit tests of rules.</summary>
internal static class TestCommand
{
    private const string DelayedNameRemoval = "promql-delayed-name-removal";

    public static Command Create()
    {
        var junit = new Option<string?>("--junit") { Description = "File to write the results to as JUnit XML.", Recursive = true };
        var features = new Option<string[]>("--enable-feature")
        {
            Description = "Features of Prometheus to enable; those of PromQL are on where they change no result.",
            DefaultValueFactory = _ => [],
            Recursive = true,
        };
        return new("test", "Runs tests of configuration.") { junit, features, Rules(junit, features) };
    }

    private static Command Rules(Option<string?> junit, Option<string[]> features)
    {
        var files = new Argument<string[]>("FILE") { Description = "The unit test files.", Arity = ArgumentArity.OneOrMore };
        var run = new Option<string[]>("--run")
        {
            Description = "Run only groups of tests whose name matches the regular expression; can be repeated.",
            DefaultValueFactory = _ => [],
        };
        var debug = new Option<bool>("--debug") { Description = "Show when each group of tests starts and ends, and its data." };
        var diff = new Option<bool>("--diff") { Description = "Show what differs between expected and got." };
        var ignore = new Option<bool>("--ignore-unknown-fields") { Description = "Ignore fields that are not known." };
        var command = new Command("rules", "Runs promtool's unit tests of rules.") { files, run, debug, diff, ignore };
        command.Run(async (parsed, cancellation) =>
        {
            var options = new RuleTestOptions
            {
                Run = parsed.GetValue(run)!,
                Debug = parsed.GetValue(debug),
                Diff = parsed.GetValue(diff),
                IgnoreUnknownFields = parsed.GetValue(ignore),
                DelayedNameRemoval = parsed.GetValue(features)!.SelectMany(static value => value.Split(',')).Contains(DelayedNameRemoval),
            };
            RuleTestRun tests;
            try
            {
                tests = new RuleTestRun(options, TimeProvider.System, Console.Out, Console.Error);
            }
            catch (GoRegexException e)
            {
                throw new FormatException($"--run: {e.Message}", e);
            }
            var exitCode = await tests.RunAsync(parsed.GetValue(files)!, cancellation);
            if (parsed.GetValue(junit) is { } path)
            {
                await using var report = File.Create(path);
                tests.WriteReport(report);
            }
            return exitCode;
        });
        return command;
    }
}
