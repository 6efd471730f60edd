using System.CommandLine;
using Pharos.Alerting.Routing;
using Pharos.Server.Hosting;
using Pharos.Storage.Model;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos routes show|test</c>, as amtool's <c>config routes</c>, on a file.</summary>
internal static class RoutesCommand
{
    public static Command Create() => new("routes", "Shows the routing tree and which way an alert goes.") { Show(), Test() };

    private static Command Show()
    {
        var file = ConfigFile();
        var command = new Command("show", "Prints the routing tree.") { file };
        command.Do((parsed, _) =>
        {
            Print(Read(parsed.GetValue(file)!).Root, "", "");
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command Test()
    {
        var labels = new Argument<string[]>("LABEL") { Description = "name=value pairs of the alert." };
        var file = ConfigFile();
        var verify = new Option<string?>("--verify.receivers") { Description = "Exit with 1 unless these are the receivers (a,b)." };
        var command = new Command("test", "Prints the receivers that an alert with these labels reaches.") { labels, file, verify };
        command.Do(async (parsed, _) =>
        {
            var alert = LabelSet.From(MatcherWords.Pairs(parsed.GetValue(labels)!)
                .Select(pair => KeyValuePair.Create(pair.Key, (string)pair.Value!)));
            var receivers = string.Join(',', Read(parsed.GetValue(file)!).Match(alert).Select(route => route.Receiver));
            Console.Out.WriteLine(receivers);
            if (parsed.GetValue(verify) is { } expected && expected != receivers)
            {
                await Console.Error.WriteLineAsync($"WARNING: Expected receivers did not match resolved receivers: {expected}");
                return 1;
            }
            return 0;
        });
        return command;
    }

    private static Option<string> ConfigFile() => new("--config.file")
    {
        Description = "Alertmanager configuration file.",
        DefaultValueFactory = _ => "alertmanager.yml",
    };

    private static RoutingTree Read(string path)
    {
        var (tree, errors) = RoutingFile.Read(path);
        return tree ?? throw new FormatException(string.Join('\n', errors));
    }

    private static void Print(RoutingNode node, string before, string children)
    {
        var matchers = node.Options.Matchers.Count == 0 ? "default-route"
            : "{" + string.Join(',', node.Options.Matchers) + "}";
        var more = node.Options.Continue ? "  continue: true" : "";
        Console.Out.WriteLine($"{before}{matchers}{more}  receiver: {node.Receiver}");
        for (var i = 0; i < node.Children.Count; i++)
        {
            var last = i == node.Children.Count - 1;
            Print(node.Children[i], children + (last ? "└── " : "├── "), children + (last ? "    " : "│   "));
        }
    }
}
