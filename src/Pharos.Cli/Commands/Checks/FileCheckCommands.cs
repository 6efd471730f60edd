using System.CommandLine;
using Pharos.Server.Checks;
using Pharos.Server.Checks.Files;
using Pharos.Server.Checks.Rules;

namespace Pharos.Cli.Commands.Checks;

/// <summary><c>pharos check config|rules|web-config FILE...</c>, as promtool.</summary>
internal static class FileCheckCommands
{
    public static Command Config()
    {
        var files = ExistingFiles.Argument("FILE", "The config files to check.");
        var syntaxOnly = new Option<bool>("--syntax-only") { Description = "Do not look at files that the config files name." };
        var lint = Lint("all, duplicate-rules, none, too-long-scrape-interval");
        var fatal = LintFatal();
        var ignore = IgnoreUnknownFields();
        var agent = new Option<bool>("--agent") { Description = "Check as for agent mode." };
        var lookback = new Option<string>("--query.lookback-delta")
        {
            Description = "What a scrape interval must be shorter than, for --lint.",
            DefaultValueFactory = _ => "5m",
        };
        var command = new Command("config", "Checks prometheus.yml and the files that it names.")
        {
            files, syntaxOnly, lint, fatal, ignore, agent, lookback,
        };
        command.Do((parsed, _) =>
        {
            var paths = ExistingFiles.Of(parsed, files);
            var settings = LintSettings.ForConfig(
                parsed.GetValue(lint)!, parsed.GetValue(fatal), DurationArgument.Parse(parsed.GetValue(lookback)!), Console.Out);
            var check = new ServerFileCheck(
                settings, parsed.GetValue(syntaxOnly), parsed.GetValue(agent), parsed.GetValue(ignore), Console.Out, Console.Error);
            foreach (var path in paths)
            {
                check.Check(path);
            }
            return Task.FromResult(check.ExitCode);
        });
        return command;
    }

    public static Command Rules()
    {
        var files = ExistingFiles.Argument("FILE", "The rule files to check; standard input where none is given.", required: false);
        var lint = Lint("all, duplicate-rules, none");
        var fatal = LintFatal();
        var ignore = IgnoreUnknownFields();
        var command = new Command("rules", "Checks rule files.") { files, lint, fatal, ignore };
        command.Do(async (parsed, cancellation) =>
        {
            var paths = ExistingFiles.Of(parsed, files);
            var settings = LintSettings.ForRules(parsed.GetValue(lint)!, parsed.GetValue(fatal), Console.Out);
            var check = new RuleFileCheck(settings, parsed.GetValue(ignore), Console.Out, Console.Error);
            if (paths.Length == 0)
            {
                check.CheckText(await Console.In.ReadToEndAsync(cancellation));
            }
            check.CheckFiles(paths);
            return check.ExitCode;
        });
        return command;
    }

    public static Command WebConfig()
    {
        var files = ExistingFiles.Argument("FILE", "The files of --web.config.file to check.");
        var command = new Command("web-config", "Checks files of TLS, users and headers.") { files };
        command.Do((parsed, _) => Task.FromResult(WebFileCheck.Run(ExistingFiles.Of(parsed, files), Console.Error)));
        return command;
    }

    private static Option<string> Lint(string words) => new("--lint")
    {
        Description = $"What to look for beyond what is wrong, with commas between: {words}.",
        DefaultValueFactory = _ => LintSettings.DuplicateRules,
    };

    private static Option<bool> LintFatal() => new("--lint-fatal") { Description = "What --lint finds makes the exit code 3." };

    private static Option<bool> IgnoreUnknownFields() => new("--ignore-unknown-fields")
    {
        Description = "Ignore keys of rule groups that are not known.",
    };
}
