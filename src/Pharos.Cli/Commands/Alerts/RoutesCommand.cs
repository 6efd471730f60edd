using System.CommandLine;
using Pharos.Alerting.Routing;
using Pharos.Server.Hosting;
using Pharos.Storage.Model;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos routes show|test</c>, as amtool's <c>config routes</c>: of a file, or else of a running server.</summary>
internal static class RoutesCommand
{
    private const string DefaultFile = "alertmanager.yml";

    public static Command Create()
    {
        var common = new AmtoolOptions();
        var file = new Option<string?>("--config.file")
        {
            Description = $"Alertmanager configuration file; {DefaultFile} where neither it nor --alertmanager.url is given.",
            Recursive = true,
        };
        Task<RoutingTree> ReadAsync(ParseResult parsed, CancellationToken cancellation) =>
            RoutesCommand.ReadAsync(common, parsed, parsed.GetValue(file), cancellation);
        var command = new Command("routes", "Shows the routing tree and which way an alert goes.") { Show(ReadAsync), Test(ReadAsync), file };
        common.AddTo(command);
        command.Do(async (parsed, cancellation) => Print(await ReadAsync(parsed, cancellation)));
        return command;
    }

    private static Command Show(Func<ParseResult, CancellationToken, Task<RoutingTree>> read)
    {
        var command = new Command("show", "Prints the routing tree.");
        command.Do(async (parsed, cancellation) => Print(await read(parsed, cancellation)));
        return command;
    }

    private static Command Test(Func<ParseResult, CancellationToken, Task<RoutingTree>> read)
    {
        var labels = new Argument<string[]>("LABEL") { Description = "name=value pairs of the alert." };
        var tree = new Option<bool>("--tree") { Description = "Print the routes that match, too." };
        var verify = new Option<string?>("--verify.receivers") { Description = "Exit with 1 unless these are the receivers (a,b)." };
        var command = new Command("test", "Prints the receivers that an alert with these labels reaches.") { labels, tree, verify };
        command.Do(async (parsed, cancellation) =>
        {
            var routes = await read(parsed, cancellation);
            var alert = LabelSet.From(Labels(parsed.GetValue(labels)!));
            if (parsed.GetValue(tree))
            {
                Console.Out.WriteLine($"Matching routes:\n{RouteTreeText.Matching(routes, alert)}\n");
            }
            var receivers = string.Join(',', routes.Match(alert).Select(static route => route.Receiver));
            Console.Out.WriteLine(receivers);
            if (parsed.GetValue(verify) is { Length: > 0 } expected && expected != receivers)
            {
                Console.Out.WriteLine("WARNING: Expected receivers did not match resolved receivers.");
                return 1;
            }
            return 0;
        });
        return command;
    }

    private static Dictionary<string, string> Labels(string[] words)
    {
        try
        {
            return MatcherWords.Labels(words);
        }
        catch (FormatException problem)
        {
            throw new FormatException($"Failed to parse labels: {problem.Message}", problem);
        }
    }

    private static async Task<RoutingTree> ReadAsync(AmtoolOptions common, ParseResult parsed, string? file, CancellationToken cancellation)
    {
        if (file is not null && common.NamesServer(parsed))
        {
            await Console.Error.WriteLineAsync("Warning: --config.file flag overrides the --alertmanager.url.");
        }
        if (file is null && common.NamesServer(parsed))
        {
            using var client = common.Read(parsed).Client();
            var status = await client.GetAsync("api/v2/status", cancellation);
            return Tree(RoutingFile.ReadShown("the server's configuration", status.GetProperty("config").GetProperty("original").GetString() ?? ""));
        }
        return Tree(RoutingFile.Read(file ?? DefaultFile));
    }

    private static RoutingTree Tree((RoutingTree? Tree, IReadOnlyList<string> Errors) read) =>
        read.Tree ?? throw new FormatException(string.Join('\n', read.Errors));

    private static int Print(RoutingTree tree)
    {
        Console.Out.WriteLine($"Routing tree:\n{RouteTreeText.Whole(tree)}");
        return 0;
    }
}
