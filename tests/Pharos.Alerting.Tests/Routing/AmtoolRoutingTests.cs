using System.Diagnostics;
using System.Text;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Routing;

/// <summary>Our routes against <c>amtool config routes test</c>, for generated trees and label sets.</summary>
public sealed class AmtoolRoutingTests
{
    private const string Amtool = "/usr/bin/amtool";
    private const int Trees = 8;
    private const int LabelSetsPerTree = 25;
    private static readonly string[] Names = ["severity", "service", "environment", "team"];
    private static readonly string[] Values = ["critical", "warning", "database", "development", "a", "b"];

    [Fact]
    public async Task Receivers_and_their_order_equal_amtools()
    {
        if (!File.Exists(Amtool))
        {
            Assert.Skip("amtool is not installed");
        }
        var file = Path.GetTempFileName();
        try
        {
            for (var seed = 0; seed < Trees; seed++)
            {
                var random = new Random(seed);
                var root = seed == 0 ? ReferenceTree() : new RouteOptions { Receiver = "r0", Routes = Routes(random, 3) };
                await File.WriteAllTextAsync(file, Yaml(root), TestContext.Current.CancellationToken);
                var tree = new RoutingTree(root);
                var sets = Enumerable.Range(0, LabelSetsPerTree).Select(_ => Labels(random)).ToArray();
                foreach (var pair in sets.Chunk(2))
                {
                    var answers = await Task.WhenAll(pair.Select(labels => AskAsync(file, labels)));
                    var ours = pair.Select(labels => string.Join(',', tree.Match(labels).Select(route => route.Receiver)));
                    Assert.Equal(answers, ours);
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The shape of a usual configuration: by severity, then by service, and by environment.</summary>
    private static RouteOptions ReferenceTree() => new()
    {
        Receiver = "default",
        Routes =
        [
            Leaf("severity", "critical", "critical-alerts") with
            {
                Routes = [Leaf("service", "database", "database-critical"), Leaf("service", "a", "agents-critical")],
            },
            Leaf("severity", "warning", "warning-alerts"),
            Leaf("environment", "development", "dev-alerts"),
        ],
    };

    private static RouteOptions Leaf(string name, string value, string receiver) =>
        new() { Receiver = receiver, Matchers = [new LabelMatcher(Storage.Model.MatchType.Equal, name, value)] };

    private static List<RouteOptions> Routes(Random random, int depth) => [.. Enumerable.Range(0, depth == 0 ? 0 : random.Next(1, 4))
        .Select(_ => new RouteOptions
        {
            Receiver = random.Next(4) == 0 ? null : $"r{random.Next(20)}",
            Continue = random.Next(3) == 0,
            Matchers = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Matcher(random))],
            Routes = Routes(random, depth - 1),
        })];

    private static LabelMatcher Matcher(Random random)
    {
        var type = (Storage.Model.MatchType)random.Next(4);
        var value = Values[random.Next(Values.Length)];
        var isRegex = type is Storage.Model.MatchType.Regex or Storage.Model.MatchType.NotRegex;
        return new LabelMatcher(type, Names[random.Next(Names.Length)], isRegex ? $"{value}|.*b|" : value);
    }

    private static LabelSet Labels(Random random)
    {
        var labels = new LabelSetBuilder();
        labels.Set("alertname", "A");
        foreach (var name in Names.Where(_ => random.Next(3) > 0))
        {
            labels.Set(name, Values[random.Next(Values.Length)]);
        }
        return labels.Build();
    }

    private static string Yaml(RouteOptions root)
    {
        var text = new StringBuilder("route:\n");
        Write(text, root, "  ");
        text.Append("receivers:\n");
        foreach (var receiver in All(root).Select(route => route.Receiver).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            text.Append($"- name: '{receiver}'\n");
        }
        return text.ToString();
    }

    private static IEnumerable<RouteOptions> All(RouteOptions route) => route.Routes.SelectMany(All).Prepend(route);

    private static void Write(StringBuilder text, RouteOptions route, string indent)
    {
        text.Append($"{indent}continue: {(route.Continue ? "true" : "false")}\n");
        if (route.Receiver is not null)
        {
            text.Append($"{indent}receiver: '{route.Receiver}'\n");
        }
        if (route.Matchers.Count > 0)
        {
            text.Append($"{indent}matchers: [{string.Join(", ", route.Matchers.Select(matcher => $"'{matcher}'"))}]\n");
        }
        if (route.Routes.Count > 0)
        {
            text.Append($"{indent}routes:\n");
            foreach (var child in route.Routes)
            {
                text.Append($"{indent}-\n");
                Write(text, child, indent + "  ");
            }
        }
    }

    private static async Task<string> AskAsync(string file, LabelSet labels)
    {
        var start = new ProcessStartInfo(Amtool) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["config", "routes", "test", $"--config.file={file}"])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var label in labels)
        {
            start.ArgumentList.Add($"{label.Name}={label.Value}");
        }
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
        return output.Trim();
    }
}
