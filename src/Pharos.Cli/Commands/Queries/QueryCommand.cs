using System.CommandLine;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary><c>pharos query instant|range|series|labels|exemplars|logs|traces|analyze</c>: as promtool, with the server's address optional.</summary>
internal static class QueryCommand
{
    /// <summary>How far from now promtool looks for series where no time is given.</summary>
    private static readonly TimeSpan Anywhen = TimeSpan.FromHours(9999);

    private static readonly TimeSpan DefaultRange = TimeSpan.FromMinutes(5);

    /// <summary>A range without a step is asked for in about so many steps.</summary>
    private const int DefaultSteps = 250;

    public static Command Create()
    {
        var format = new Option<string>("--format", "-o")
        {
            Description = "promql or json.",
            DefaultValueFactory = _ => "promql",
            Recursive = true,
        };
        format.AcceptOnlyFromAmong("promql", "json");
        var config = Asking.HttpConfigFile();
        config.Recursive = true;
        return new("query", "Asks a running server.")
        {
            format, config, Instant(format, config), Range(format, config), Series(format, config), Labels(format, config),
            Exemplars(config), LogsCommand.Create(config), TracesCommand.Create(config), AnalyzeCommand.Create(config),
        };
    }

    private static Command Instant(Option<string> format, Option<string?> config)
    {
        var words = Words("[SERVER] EXPR");
        var time = new Option<string?>("--time") { Description = "Query evaluation time (RFC 3339 or Unix timestamp)." };
        var headers = Headers();
        var command = new Command("instant", "Runs an instant query.") { words, time, headers };
        command.Ask(async (parsed, cancellation) =>
        {
            var (server, query) = Split(parsed.GetValue(words)!);
            var at = Time(parsed.GetValue(time), "evaluation") ?? TimeProvider.System.GetUtcNow();
            using var client = new ServerClient(Asking.Address(server), parsed.GetValue(config), parsed.GetValue(headers));
            var answer = await client.QueryAsync("api/v1/query", [new("query", query), new("time", Seconds(at))], cancellation);
            Print(answer, parsed.GetValue(format)!, QueryPrinter.Value);
        });
        return command;
    }

    private static Command Range(Option<string> format, Option<string?> config)
    {
        var words = Words("[SERVER] EXPR");
        var start = new Option<string?>("--start") { Description = "Query range start time (RFC 3339 or Unix timestamp)." };
        var end = new Option<string?>("--end") { Description = "Query range end time (RFC 3339 or Unix timestamp)." };
        var step = new Option<string?>("--step") { Description = "Query step size (duration)." };
        var headers = Headers();
        var command = new Command("range", "Runs a range query.") { words, start, end, step, headers };
        command.Ask(async (parsed, cancellation) =>
        {
            var (server, query) = Split(parsed.GetValue(words)!);
            var to = Time(parsed.GetValue(end), "end") ?? TimeProvider.System.GetUtcNow();
            var from = Time(parsed.GetValue(start), "start") ?? to - DefaultRange;
            if (from >= to)
            {
                throw new FormatException("start time is not before end time");
            }
            var each = parsed.GetValue(step) is { } given ? DurationArgument.Parse(given).TotalSeconds : 0;
            each = each == 0 ? Math.Max(Math.Floor((to - from).TotalSeconds / DefaultSteps), 1) : each;
            using var client = new ServerClient(Asking.Address(server), parsed.GetValue(config), parsed.GetValue(headers));
            var answer = await client.QueryAsync("api/v1/query_range",
                [new("query", query), new("start", Seconds(from)), new("end", Seconds(to)), new("step", GoFloat.FormatF(each))], cancellation);
            Print(answer, parsed.GetValue(format)!, QueryPrinter.Value);
        });
        return command;
    }

    private static Command Series(Option<string> format, Option<string?> config)
    {
        var words = Words("[SERVER]");
        var match = Match();
        match.Required = true;
        var (start, end) = Between();
        var command = new Command("series", "Lists the series of selectors.") { words, match, start, end };
        command.Ask(async (parsed, cancellation) =>
        {
            var server = parsed.GetValue(words)!.FirstOrDefault() ?? Asking.DefaultServer;
            using var client = new ServerClient(Asking.Address(server), parsed.GetValue(config));
            var answer = await client.QueryAsync("api/v1/series", Form(parsed, match, start, end), cancellation);
            Print(answer, parsed.GetValue(format)!, QueryPrinter.Series);
        });
        return command;
    }

    private static Command Labels(Option<string> format, Option<string?> config)
    {
        var words = Words("[SERVER] NAME");
        var match = Match();
        var (start, end) = Between();
        var command = new Command("labels", "Lists the values of a label.") { words, match, start, end };
        command.Ask(async (parsed, cancellation) =>
        {
            var (server, name) = Split(parsed.GetValue(words)!);
            using var client = new ServerClient(Asking.Address(server), parsed.GetValue(config));
            var query = string.Join('&', Form(parsed, match, start, end)
                .Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
            var answer = await client.QueryAsync($"api/v1/label/{LabelPath.Escape(name)}/values?{query}", null, cancellation);
            foreach (var warning in Warnings(answer))
            {
                await Console.Error.WriteLineAsync($"query warning: {warning}");
            }
            Print(answer, parsed.GetValue(format)!, QueryPrinter.Texts);
        });
        return command;
    }

    private static Command Exemplars(Option<string?> config)
    {
        var words = Words("[SERVER] EXPR");
        var (start, end) = Between();
        var command = new Command("exemplars", "Lists the exemplars of the series that a query reads, as JSON.") { words, start, end };
        command.Ask(async (parsed, cancellation) =>
        {
            var (server, query) = Split(parsed.GetValue(words)!);
            using var client = new ServerClient(Asking.Address(server), parsed.GetValue(config));
            var answer = await client.QueryAsync(
                "api/v1/query_exemplars", [new("query", query), .. Form(parsed, null, start, end)], cancellation);
            Console.Out.WriteLine(answer.GetProperty("data").GetRawText());
        });
        return command;
    }

    private static Argument<string[]> Words(string words) => new(words) { Arity = new ArgumentArity(0, 2) };

    private static Option<string[]> Headers() => new("--header")
    {
        Description = "KEY=VALUE: a header of the request; can be repeated.",
        DefaultValueFactory = _ => [],
    };

    private static Option<string[]> Match() => new("--match")
    {
        Description = "Series selector; can be repeated.",
        DefaultValueFactory = _ => [],
    };

    private static (Option<string?> Start, Option<string?> End) Between() => (
        new Option<string?>("--start") { Description = "Start time (RFC 3339 or Unix timestamp)." },
        new Option<string?>("--end") { Description = "End time (RFC 3339 or Unix timestamp)." });

    private static (string Server, string Text) Split(string[] words) => words switch
    {
        [var only] => (Asking.DefaultServer, only),
        [var server, var text] => (server, text),
        _ => throw new FormatException("what to ask for is missing"),
    };

    private static List<KeyValuePair<string, string>> Form(
        ParseResult parsed, Option<string[]>? match, Option<string?> start, Option<string?> end)
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            .. (match is null ? [] : parsed.GetValue(match)!).Select(static value => KeyValuePair.Create("match[]", value)),
            new("start", Seconds(Time(parsed.GetValue(start), "start") ?? now - Anywhen)),
            new("end", Seconds(Time(parsed.GetValue(end), "end") ?? now + Anywhen)),
        ];
    }

    private static DateTimeOffset? Time(string? text, string which)
    {
        try
        {
            return text is null ? null : TimeArgument.Parse(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"error parsing {which} time: {e.Message}", e);
        }
    }

    private static string Seconds(DateTimeOffset time) => GoFloat.FormatF(time.ToUnixTimeMilliseconds() / 1000d);

    private static IEnumerable<string> Warnings(JsonElement answer) => answer.TryGetProperty("warnings", out var warnings)
        ? warnings.EnumerateArray().Select(static warning => warning.GetString()!) : [];

    private static void Print(JsonElement answer, string format, Func<JsonElement, IEnumerable<string>> lines)
    {
        var data = answer.GetProperty("data");
        if (format == "json")
        {
            Console.Out.WriteLine((data.ValueKind is JsonValueKind.Object ? data.GetProperty("result") : data).GetRawText());
            return;
        }
        foreach (var line in lines(data))
        {
            Console.Out.WriteLine(line);
        }
    }
}
