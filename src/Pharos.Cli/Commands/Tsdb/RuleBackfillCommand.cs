using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pharos.Alerting.Rules;
using Pharos.Server.Checks.Rules;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb create-blocks-from rules</c>: what recording rules would have stored, asked of a running server.</summary>
internal static class RuleBackfillCommand
{
    /// <summary>What a server still keeps in its head is not backfilled: as far back as promtool leaves it.</summary>
    private static readonly TimeSpan NotBefore = TimeSpan.FromHours(3);

    /// <summary>One question asks for this much; the server's limit of points is far above it.</summary>
    private static readonly TimeSpan Stretch = TimeSpan.FromHours(2);

    public static Command Create(Option<bool> human, Option<bool> quiet)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files with recording rules.", Arity = ArgumentArity.OneOrMore };
        var url = new Option<string>("--url") { Description = "The server to ask.", DefaultValueFactory = _ => Asking.DefaultServer };
        var start = new Option<string>("--start") { Description = "The first time (RFC 3339 or Unix timestamp).", Required = true };
        var end = new Option<string?>("--end") { Description = "The last time; 3 hours ago where none is given." };
        var output = new Option<string>("--output-dir") { Description = "Output directory.", DefaultValueFactory = _ => "data/" };
        var interval = new Option<string>("--eval-interval")
        {
            Description = "How often rules of a group without an interval are evaluated.",
            DefaultValueFactory = _ => "60s",
        };
        var config = Asking.HttpConfigFile();
        var command = new Command("rules", "Makes blocks with what recording rules would have stored.")
        {
            files, url, start, end, output, interval, config,
        };
        command.Run(async (parsed, cancellation) =>
        {
            var from = TimeArgument.Parse(parsed.GetValue(start)!);
            var to = parsed.GetValue(end) is { } given ? TimeArgument.Parse(given) : TimeProvider.System.GetUtcNow() - NotBefore;
            if (to <= from)
            {
                throw new FormatException("start time is not before end time");
            }
            var step = DurationArgument.Parse(parsed.GetValue(interval)!);
            var groups = RuleCheck.Groups(parsed.GetValue(files)!, step);
            using var client = new ServerClient(Asking.Address(parsed.GetValue(url)!), parsed.GetValue(config));
            var series = new Dictionary<LabelSet, SampleBuffer>();
            foreach (var group in groups)
            {
                foreach (var rule in group.Rules.OfType<RecordingRuleOptions>())
                {
                    await AddAsync(client, group, rule, from, to, series, cancellation);
                }
            }
            var directory = parsed.GetValue(output)!;
            Directory.CreateDirectory(directory);
            var printer = new CreatedBlocks(directory, parsed.GetValue(quiet), parsed.GetValue(human), Console.Out);
            new BlockExport(directory, ChunkFormat.Classic, TimeProvider.System, printer.Add).Write(series);
            return 0;
        });
        return command;
    }

    private static async Task AddAsync(ServerClient client, RuleGroupOptions group, RecordingRuleOptions rule, DateTimeOffset from,
        DateTimeOffset to, Dictionary<LabelSet, SampleBuffer> into, CancellationToken cancellation)
    {
        var stepMs = (long)group.Interval.TotalMilliseconds;
        var first = (from.ToUnixTimeMilliseconds() + stepMs - 1) / stepMs * stepMs;
        var last = to.ToUnixTimeMilliseconds();
        var pointsMs = Math.Max(stepMs, (long)Stretch.TotalMilliseconds / stepMs * stepMs);
        for (var at = first; at <= last; at += pointsMs)
        {
            var answer = await client.PostFormAsync("api/v1/query_range",
            [
                new("query", rule.Expr), new("start", Seconds(at)), new("end", Seconds(Math.Min(at + pointsMs - stepMs, last))),
                new("step", Seconds(stepMs)),
            ], cancellation);
            foreach (var item in answer.GetProperty("data").GetProperty("result").EnumerateArray())
            {
                Take(item, group, rule, into);
            }
        }
    }

    private static void Take(
        JsonElement item, RuleGroupOptions group, RecordingRuleOptions rule, Dictionary<LabelSet, SampleBuffer> into)
    {
        var builder = new LabelSetBuilder();
        foreach (var label in item.GetProperty("metric").EnumerateObject())
        {
            builder.Set(label.Name, label.Value.GetString()!);
        }
        builder.Set(Label.MetricName, rule.Record);
        foreach (var label in group.Labels.Concat(rule.Labels))
        {
            builder.Set(label.Name, label.Value);
        }
        var labels = builder.Build();
        if (!into.TryGetValue(labels, out var samples))
        {
            into.Add(labels, samples = new SampleBuffer());
        }
        if (!item.TryGetProperty("values", out var values))
        {
            return;
        }
        foreach (var point in values.EnumerateArray())
        {
            samples.Add((long)Math.Round(point[0].GetDouble() * 1000),
                GoFloat.TryParse(point[1].GetString(), out var value) ? value : double.NaN);
        }
    }

    private static string Seconds(long ms) => (ms / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
