using System.CommandLine;
using System.Text;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos query instant|range|series|labels</c>: as promtool, with the server's address optional.</summary>
internal static class QueryCommand
{
    public static Command Create() => new("query", "Asks a running server.")
    {
        Instant(),
        Range(),
        Series(),
        Labels(),
    };

    private static Command Instant()
    {
        var (command, words, format) = New("instant", "Runs an instant query.", "[SERVER] EXPR");
        var time = new Option<string?>("--time") { Description = "Query evaluation time (RFC 3339 or Unix timestamp)." };
        command.Add(time);
        command.Do(async (parsed, cancellation) =>
        {
            var (server, query) = Split(parsed.GetValue(words)!);
            var form = new List<KeyValuePair<string, string>> { new("query", query) };
            AddWhere(form, "time", parsed.GetValue(time));
            return await PrintAsync(server, "api/v1/query", form, parsed.GetValue(format)!, cancellation);
        });
        return command;
    }

    private static Command Range()
    {
        var (command, words, format) = New("range", "Runs a range query.", "[SERVER] EXPR");
        var start = new Option<string?>("--start") { Description = "Query range start time (RFC 3339 or Unix timestamp)." };
        var end = new Option<string?>("--end") { Description = "Query range end time (RFC 3339 or Unix timestamp)." };
        var step = new Option<string?>("--step") { Description = "Query step size (duration)." };
        command.Add(start);
        command.Add(end);
        command.Add(step);
        command.Do(async (parsed, cancellation) =>
        {
            var (server, query) = Split(parsed.GetValue(words)!);
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000d;
            var endText = parsed.GetValue(end) ?? GoFloat.FormatF(now);
            var startText = parsed.GetValue(start)
                ?? GoFloat.FormatF((GoFloat.TryParse(endText, out var endSeconds) ? endSeconds : now) - 300);
            return await PrintAsync(
                server,
                "api/v1/query_range",
                [
                    new("query", query), new("start", startText), new("end", endText),
                    new("step", parsed.GetValue(step) ?? "15s"),
                ],
                parsed.GetValue(format)!,
                cancellation);
        });
        return command;
    }

    private static Command Series()
    {
        var (command, words, format) = New("series", "Lists the series of selectors.", "[SERVER]");
        var match = new Option<string[]>("--match") { Description = "Series selector; can be repeated.", Required = true };
        var start = new Option<string?>("--start") { Description = "Start time (RFC 3339 or Unix timestamp)." };
        var end = new Option<string?>("--end") { Description = "End time (RFC 3339 or Unix timestamp)." };
        command.Add(match);
        command.Add(start);
        command.Add(end);
        command.Do(async (parsed, cancellation) =>
        {
            var server = parsed.GetValue(words)!.FirstOrDefault() ?? Asking.DefaultServer;
            var form = parsed.GetValue(match)!.Select(value => KeyValuePair.Create("match[]", value)).ToList();
            AddWhere(form, "start", parsed.GetValue(start));
            AddWhere(form, "end", parsed.GetValue(end));
            return await PrintAsync(server, "api/v1/series", form, parsed.GetValue(format)!, cancellation);
        });
        return command;
    }

    private static Command Labels()
    {
        var (command, words, format) = New("labels", "Lists the values of a label.", "[SERVER] NAME");
        command.Do(async (parsed, cancellation) =>
        {
            var (server, name) = Split(parsed.GetValue(words)!);
            using var client = new ServerClient(server);
            var answer = await client.GetAsync($"api/v1/label/{Uri.EscapeDataString(name)}/values", cancellation);
            Print(answer, parsed.GetValue(format)!);
            return 0;
        });
        return command;
    }

    private static (Command Command, Argument<string[]> Words, Option<string> Format) New(string name, string description, string words)
    {
        var argument = new Argument<string[]>(words) { Arity = new ArgumentArity(0, 2) };
        var format = new Option<string>("--format", "-o")
        {
            Description = "promql or json.",
            DefaultValueFactory = _ => "promql",
        };
        format.AcceptOnlyFromAmong("promql", "json");
        return (new Command(name, description) { argument, format }, argument, format);
    }

    private static (string Server, string Text) Split(string[] words) => words switch
    {
        [var only] => (Asking.DefaultServer, only),
        [var server, var text] => (server, text),
        _ => throw new FormatException("what to ask for is missing"),
    };

    private static void AddWhere(List<KeyValuePair<string, string>> form, string name, string? value)
    {
        if (value is not null)
        {
            form.Add(new(name, value));
        }
    }

    private static async Task<int> PrintAsync(
        string server, string path, IEnumerable<KeyValuePair<string, string>> form, string format, CancellationToken cancellation)
    {
        using var client = new ServerClient(server);
        Print(await client.PostFormAsync(path, form, cancellation), format);
        return 0;
    }

    private static void Print(JsonElement answer, string format)
    {
        if (answer.TryGetProperty("warnings", out var warnings))
        {
            foreach (var warning in warnings.EnumerateArray())
            {
                Console.Error.WriteLine($"warning: {warning.GetString()}");
            }
        }
        var data = answer.GetProperty("data");
        if (format == "json")
        {
            Console.Out.WriteLine((data.ValueKind is JsonValueKind.Object ? data.GetProperty("result") : data).GetRawText());
            return;
        }
        foreach (var line in Lines(data))
        {
            Console.Out.WriteLine(line);
        }
    }

    private static IEnumerable<string> Lines(JsonElement data)
    {
        if (data.ValueKind is JsonValueKind.Array)
        {
            return data.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.Object ? Metric(item) : item.GetString()!);
        }
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() switch
        {
            "vector" => result.EnumerateArray().Select(item =>
                $"{Metric(item.GetProperty("metric"))} => {Point(item.GetProperty("value"), " @[")}]"),
            "matrix" => result.EnumerateArray().SelectMany(item => item.GetProperty("values").EnumerateArray()
                .Select(point => $"{Point(point, " @[")}]").Prepend($"{Metric(item.GetProperty("metric"))} =>")),
            "scalar" => [$"scalar: {Point(result, " @[")}]"],
            _ => [result[1].GetString()!],
        };
    }

    private static string Point(JsonElement point, string between) => $"{point[1].GetString()}{between}{point[0].GetRawText()}";

    private static string Metric(JsonElement labels)
    {
        var text = new StringBuilder();
        if (labels.TryGetProperty("__name__", out var name))
        {
            text.Append(name.GetString());
        }
        var others = labels.EnumerateObject().Where(label => label.Name != "__name__")
            .Select(label => $"{label.Name}={GoQuote.Quote(label.Value.GetString()!)}").ToArray();
        if (others.Length > 0 || text.Length == 0)
        {
            text.Append('{').AppendJoin(", ", others).Append('}');
        }
        return text.ToString();
    }
}
