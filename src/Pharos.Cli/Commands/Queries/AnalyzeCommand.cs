using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary><c>pharos query analyze</c>: how the buckets of histograms change and fill, as promtool reports it.</summary>
internal static partial class AnalyzeCommand
{
    private const string Classic = "classichistograms";
    private const string Native = "nativehistograms";

    public static Command Create(Option<string?> config)
    {
        var server = new Option<string>("--server") { Description = "The server to ask.", DefaultValueFactory = _ => Asking.DefaultServer };
        var type = new Option<string>("--type") { Description = $"{Classic} or {Native}.", Required = true };
        var duration = new Option<string>("--duration") { Description = "Time frame to analyze.", DefaultValueFactory = _ => "1h" };
        var time = new Option<string?>("--time") { Description = "Query time (RFC 3339 or Unix timestamp); now where none is given." };
        var match = new Option<string[]>("--match") { Description = "Series selector; can be repeated.", Required = true };
        var command = new Command("analyze", "Analyzes how the buckets of histograms are used.") { server, type, duration, time, match };
        command.Ask(async (parsed, cancellation) =>
        {
            var kind = parsed.GetValue(type)!;
            if (kind is not (Classic or Native))
            {
                throw new FormatException($"analyze type is {kind}, must be '{Classic}' or '{Native}'");
            }
            var at = parsed.GetValue(time) is { } given ? TimeArgument.Parse(given) : TimeProvider.System.GetUtcNow();
            using var client = new ServerClient(Asking.Address(parsed.GetValue(server)!), parsed.GetValue(config));
            var analysis = new BucketAnalysis(Console.Out);
            var window = GoDuration.Format(DurationArgument.Parse(parsed.GetValue(duration)!));
            foreach (var selector in parsed.GetValue(match)!)
            {
                if (kind == Native)
                {
                    await AnalyzeNativeAsync(selector);
                }
                else
                {
                    await AnalyzeClassicAsync(selector);
                }
            }
            analysis.PrintTotals();

            async Task AnalyzeNativeAsync(string selector)
            {
                foreach (var series in (await AskAsync($"{selector}[{window}]", "matrix")).EnumerateArray())
                {
                    analysis.AddNative(QueryPrinter.Metric(series.GetProperty("metric")), series);
                }
            }

            async Task AnalyzeClassicAsync(string selector)
            {
                if (!SumRegex().IsMatch(selector))
                {
                    throw new FormatException("every classic histogram matcher must have a '_sum' suffix in the metric name, "
                        + $"but the matcher '{selector}' does not");
                }
                foreach (var series in (await AskAsync($"last_over_time({selector}[{window}])", "vector")).EnumerateArray())
                {
                    var buckets = BucketSelector(series.GetProperty("metric")) + $"[{window}]";
                    analysis.AddClassic(buckets, [.. (await AskAsync(buckets, "matrix")).EnumerateArray()]);
                }
            }

            async Task<JsonElement> AskAsync(string query, string wanted)
            {
                var answer = await client.QueryAsync("api/v1/query",
                    [new("query", query), new("time", GoFloat.FormatF(at.ToUnixTimeMilliseconds() / 1000d))], cancellation);
                var data = answer.GetProperty("data");
                return data.GetProperty("resultType").GetString() == wanted ? data.GetProperty("result")
                    : throw new FormatException($"query of {query} resulted in no {wanted}");
            }
        });
        return command;
    }

    private static string BucketSelector(JsonElement metric)
    {
        var name = SumRegex().Replace(metric.TryGetProperty("__name__", out var found) ? found.GetString()! : "", "_bucket");
        var labels = metric.EnumerateObject().Where(static label => label.Name != "__name__")
            .Select(static label => $"{label.Name}={GoQuote.Quote(label.Value.GetString()!)}");
        return $"{name}{{{string.Join(',', labels)}}}";
    }

    [GeneratedRegex(@"_sum\b", RegexOptions.NonBacktracking)]
    private static partial Regex SumRegex();
}
