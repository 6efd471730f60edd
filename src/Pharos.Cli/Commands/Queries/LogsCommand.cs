using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary><c>pharos query logs</c>: lines and numbers of logs, with logcli's options.</summary>
internal sealed class LogsCommand
{
    private readonly Argument<string[]> _words = new("[SERVER] QUERY") { Arity = new ArgumentArity(1, 2) };
    private readonly Option<int> _limit = new("--limit") { Description = "Lines at most; 0 for all.", DefaultValueFactory = static _ => 30 };
    private readonly Option<int> _batch = new("--batch") { Description = "Lines of one request.", DefaultValueFactory = static _ => 1000 };
    private readonly Option<string> _since = new("--since") { Description = "How far back.", DefaultValueFactory = static _ => "1h" };
    private readonly Option<string?> _from = new("--from") { Description = "Start time, inclusive (RFC 3339 or Unix timestamp)." };
    private readonly Option<string?> _to = new("--to") { Description = "End time, exclusive (RFC 3339 or Unix timestamp)." };
    private readonly Option<string?> _now = new("--now") { Description = "Asks for numbers at this one moment (RFC 3339 or Unix timestamp)." };
    private readonly Option<string?> _step = new("--step") { Description = "Query step size of numbers (duration)." };
    private readonly Option<string?> _interval = new("--interval") { Description = "At least so much between two lines of a stream (duration)." };
    private readonly Option<bool> _forward = new("--forward") { Description = "The oldest first." };
    private readonly Option<bool> _tail = new("--tail", "-t") { Description = "Goes on with what comes." };
    private readonly Option<int> _delay = new("--delay-for") { Description = "Seconds that a tail waits for what comes late, 5 at most." };
    private readonly Option<string> _output = new("--output") { Description = "default, raw or jsonl.", DefaultValueFactory = static _ => "default" };
    private readonly Option<bool> _noLabels = new("--no-labels") { Description = "Lines without labels." };
    private readonly Option<string[]> _include =
        new("--include-label") { Description = "Only this label; can be repeated.", DefaultValueFactory = static _ => [] };
    private readonly Option<string[]> _exclude =
        new("--exclude-label") { Description = "Not this label; can be repeated.", DefaultValueFactory = static _ => [] };
    private readonly Option<string?> _labels = new("--labels") { Description = "Lists the values of this label instead; the names where it is empty." };
    private readonly Option<bool> _series = new("--series") { Description = "Lists the streams that the query selects instead." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Says nothing about the labels that all lines have." };
    private readonly Option<bool> _stats = new("--stats") { Description = "Says what the query took." };
    private readonly Option<string> _timezone = new("--timezone") { Description = "Local or UTC.", DefaultValueFactory = static _ => "Local" };
    private readonly Option<string?> _tenant = new("--org-id") { Description = "The tenant: X-Scope-OrgID." };

    private LogsCommand()
    {
        _output.AcceptOnlyFromAmong("default", "raw", "jsonl");
        _timezone.AcceptOnlyFromAmong("Local", "UTC");
    }

    public static Command Create(Option<string?> config)
    {
        var own = new LogsCommand();
        own._labels.Arity = ArgumentArity.ZeroOrOne;
        own._words.Arity = new ArgumentArity(0, 2);
        var command = new Command("logs", "Asks for logs, in LogQL.")
        {
            own._words, own._limit, own._batch, own._since, own._from, own._to, own._now, own._step, own._interval, own._forward, own._tail,
            own._delay, own._output, own._noLabels, own._include, own._exclude, own._labels, own._series, own._quiet, own._stats,
            own._timezone, own._tenant,
        };
        command.Ask((parsed, cancellation) => own.RunAsync(parsed, config, cancellation));
        return command;
    }

    private async Task RunAsync(ParseResult parsed, Option<string?> config, CancellationToken cancellation)
    {
        var words = parsed.GetValue(_words)!;
        var listsNames = parsed.GetResult(_labels) is not null;
        var (server, query) = words.Length switch
        {
            2 => (words[0], words[1]),
            1 when listsNames && !words[0].Contains('{', StringComparison.Ordinal) => (words[0], ""),
            1 => (Asking.DefaultServer, words[0]),
            _ when listsNames || parsed.GetValue(_series) => (Asking.DefaultServer, ""),
            _ => throw new FormatException("a query is wanted, such as '{job=\"app\"}'"),
        };
        var address = Asking.Address(server);
        var headers = parsed.GetValue(_tenant) is { Length: > 0 } tenant ? new[] { $"X-Scope-OrgID={tenant}" } : [];
        using var client = new ServerClient(address, parsed.GetValue(config), headers);
        var printer = new LogPrinter(Console.Out, Console.Error)
        {
            Output = parsed.GetValue(_output)!,
            ShowsLabels = !parsed.GetValue(_noLabels),
            Include = parsed.GetValue(_include)!,
            Exclude = parsed.GetValue(_exclude)!,
            IsQuiet = parsed.GetValue(_quiet),
            IsUtc = parsed.GetValue(_timezone) == "UTC",
        };
        if (listsNames || parsed.GetValue(_series))
        {
            await ListAsync(parsed, client, query, cancellation);
        }
        else if (parsed.GetValue(_tail))
        {
            var tail = new LogTail(address, parsed.GetValue(_tenant), printer);
            var limit = parsed.GetValue(_limit) is > 0 and var own ? own : parsed.GetValue(_batch);
            await tail.RunAsync(query, limit, parsed.GetValue(_delay), Range(parsed).StartNs, cancellation);
        }
        else
        {
            await QueryAsync(parsed, client, query, printer, cancellation);
        }
    }

    private async Task ListAsync(ParseResult parsed, ServerClient client, string query, CancellationToken cancellation)
    {
        var (startNs, endNs) = Range(parsed);
        var times = $"start={Text(startNs)}&end={Text(endNs)}";
        if (parsed.GetValue(_series))
        {
            var streams = await client.GetAsync($"loki/api/v1/series?{times}&match[]={Uri.EscapeDataString(query)}", cancellation);
            foreach (var stream in streams.GetProperty("data").EnumerateArray())
            {
                Console.Out.WriteLine(QueryPrinter.Metric(stream));
            }
            return;
        }
        var path = parsed.GetValue(_labels) is { Length: > 0 } name ? $"label/{Uri.EscapeDataString(name)}/values" : "labels";
        var answer = await client.GetAsync($"loki/api/v1/{path}?{times}&query={Uri.EscapeDataString(query)}", cancellation);
        foreach (var text in answer.TryGetProperty("data", out var data) ? data.EnumerateArray() : default)
        {
            Console.Out.WriteLine(text.GetString());
        }
    }

    private async Task QueryAsync(ParseResult parsed, ServerClient client, string query, LogPrinter printer, CancellationToken cancellation)
    {
        if (parsed.GetValue(_now) is { } now)
        {
            var at = Ns(TimeArgument.Parse(now));
            Numbers(await client.GetAsync($"loki/api/v1/query?query={Uri.EscapeDataString(query)}&time={Text(at)}", cancellation), printer);
            return;
        }
        var (startNs, endNs) = Range(parsed);
        var isForward = parsed.GetValue(_forward);
        var left = parsed.GetValue(_limit) is > 0 and var limit ? limit : int.MaxValue;
        var batch = Math.Max(1, parsed.GetValue(_batch));
        var edge = new HashSet<string>(StringComparer.Ordinal);
        while (left > 0)
        {
            // No more than a batch, which the server may not answer otherwise, unless one moment has more lines than that.
            var portion = edge.Count < batch ? (int)Math.Min((long)left + edge.Count, batch) : edge.Count + batch;
            var answer = await client.GetAsync(
                $"loki/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={Text(startNs)}&end={Text(endNs)}&limit={portion}"
                + $"&direction={(isForward ? "forward" : "backward")}{More(parsed)}", cancellation);
            var data = answer.GetProperty("data");
            if (data.GetProperty("resultType").GetString() != "streams")
            {
                Numbers(answer, printer);
                return;
            }
            if (parsed.GetValue(_stats))
            {
                await Console.Error.WriteLineAsync(data.GetProperty("stats").GetProperty("summary").GetRawText());
            }
            var lines = LogLine.Of(data.GetProperty("result"), isForward);
            var fresh = lines.Where(line => !edge.Contains(line.Key)).Take(left).ToList();
            printer.Print(fresh);
            left -= fresh.Count;
            if (lines.Count < portion || fresh.Count == 0)
            {
                return;
            }
            // The next request begins with the time that this one ended with: lines of that time may be missing.
            var last = lines[^1].TimeNs;
            edge = [.. lines.Where(line => line.TimeNs == last).Select(static line => line.Key)];
            (startNs, endNs) = isForward ? (last, endNs) : (startNs, last + 1);
        }
    }

    private static void Numbers(JsonElement answer, LogPrinter printer)
    {
        var data = answer.GetProperty("data");
        foreach (var line in printer.Output == "jsonl" ? data.GetProperty("result").EnumerateArray().Select(static item => item.GetRawText())
            : QueryPrinter.Value(data))
        {
            Console.Out.WriteLine(line);
        }
    }

    private string More(ParseResult parsed) =>
        (parsed.GetValue(_step) is { } step ? $"&step={Uri.EscapeDataString(step)}" : "")
        + (parsed.GetValue(_interval) is { } interval ? $"&interval={Uri.EscapeDataString(interval)}" : "");

    private (long StartNs, long EndNs) Range(ParseResult parsed)
    {
        var end = parsed.GetValue(_to) is { } to ? TimeArgument.Parse(to) : TimeProvider.System.GetUtcNow();
        var start = parsed.GetValue(_from) is { } from ? TimeArgument.Parse(from) : end - DurationArgument.Parse(parsed.GetValue(_since)!);
        return (Ns(start), Ns(end));
    }

    private static long Ns(DateTimeOffset time) => NanosecondTime.Of(time);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
