using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pharos.Cli.Commands.Alerts;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary><c>pharos query traces</c>: a trace by its id, or a list of those that a search finds.</summary>
internal sealed class TracesCommand
{
    private readonly Argument<string[]> _words = new("[SERVER] [TRACE-ID]") { Arity = new ArgumentArity(0, 2) };
    private readonly Option<string?> _service = new("--service") { Description = "Traces with a span of this service." };
    private readonly Option<string?> _operation = new("--operation") { Description = "The span's name." };
    private readonly Option<string[]> _tags =
        new("--tag") { Description = "An attribute of the span: key=value; can be repeated.", DefaultValueFactory = static _ => [] };
    private readonly Option<string?> _minDuration = new("--min-duration") { Description = "The span takes at least so long." };
    private readonly Option<string?> _maxDuration = new("--max-duration") { Description = "The span takes at most so long." };
    private readonly Option<string> _since = new("--since") { Description = "How far back.", DefaultValueFactory = static _ => "1h" };
    private readonly Option<string?> _from = new("--from") { Description = "Start time, inclusive (RFC 3339 or Unix timestamp)." };
    private readonly Option<string?> _to = new("--to") { Description = "End time, inclusive (RFC 3339 or Unix timestamp)." };
    private readonly Option<int> _limit = new("--limit") { Description = "The newest so many.", DefaultValueFactory = static _ => 20 };
    private readonly Option<string> _output = new("--output") { Description = "table or json.", DefaultValueFactory = static _ => "table" };

    private TracesCommand() => _output.AcceptOnlyFromAmong("table", "json");

    public static Command Create(Option<string?> config)
    {
        var own = new TracesCommand();
        var command = new Command("traces", "Asks for traces.")
        {
            own._words, own._service, own._operation, own._tags, own._minDuration, own._maxDuration, own._since, own._from, own._to, own._limit,
            own._output,
        };
        command.Ask((parsed, cancellation) => own.RunAsync(parsed, config, cancellation));
        return command;
    }

    private async Task RunAsync(ParseResult parsed, Option<string?> config, CancellationToken cancellation)
    {
        var (server, id) = parsed.GetValue(_words)! switch
        {
            [var address, var trace] => (address, trace),
            [var only] when IsId(only) => (Asking.DefaultServer, only),
            [var only] => (only, null),
            _ => (Asking.DefaultServer, (string?)null),
        };
        using var client = new ServerClient(Asking.Address(server), parsed.GetValue(config));
        var isJson = parsed.GetValue(_output) == "json";
        if (id is not null)
        {
            var answer = await client.GetAsync($"api/traces/{Uri.EscapeDataString(id)}", cancellation);
            Print(answer.GetProperty("data"), isJson, TraceTree.Print);
        }
        else
        {
            Print(await FindAsync(parsed, client, cancellation), isJson, List);
        }
    }

    private async Task<JsonElement> FindAsync(ParseResult parsed, ServerClient client, CancellationToken cancellation)
    {
        var end = parsed.GetValue(_to) is { } to ? TimeArgument.Parse(to) : TimeProvider.System.GetUtcNow();
        var start = parsed.GetValue(_from) is { } from ? TimeArgument.Parse(from) : end - DurationArgument.Parse(parsed.GetValue(_since)!);
        var query = new List<string>
        {
            $"start={Microseconds(start)}", $"end={Microseconds(end)}", $"limit={parsed.GetValue(_limit).ToString(CultureInfo.InvariantCulture)}",
        };
        Add(query, "service", parsed.GetValue(_service));
        Add(query, "operation", parsed.GetValue(_operation));
        Add(query, "minDuration", Duration(parsed.GetValue(_minDuration)));
        Add(query, "maxDuration", Duration(parsed.GetValue(_maxDuration)));
        var tags = parsed.GetValue(_tags)!.Select(static tag => tag.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? (Key: tag[..equals], Value: tag[(equals + 1)..]) : throw new FormatException($"a tag is key=value, not {GoQuote.Quote(tag)}")).ToList();
        if (tags.Count > 0)
        {
            Add(query, "tags", JsonSerializer.Serialize(tags.DistinctBy(static tag => tag.Key).ToDictionary(static tag => tag.Key, static tag => tag.Value)));
        }
        return (await client.GetAsync($"api/traces?{string.Join('&', query)}", cancellation)).GetProperty("data");
    }

    private static void Print(JsonElement data, bool isJson, Action<JsonElement> asText)
    {
        if (isJson)
        {
            Console.Out.WriteLine(data.GetRawText());
        }
        else
        {
            asText(data);
        }
    }

    private static void List(JsonElement traces)
    {
        var rows = new List<string[]> { new[] { "TRACE", "START", "DURATION", "SPANS", "ERRORS", "SERVICE", "OPERATION" } };
        foreach (var trace in traces.EnumerateArray())
        {
            var view = TraceTree.Of(trace);
            rows.Add(
            [
                trace.GetProperty("traceID").GetString()!, NanosecondTime.Format(view.StartUs * 1000), TraceTree.Duration(view.EndUs - view.StartUs),
                view.Spans.Count.ToString(CultureInfo.InvariantCulture), view.Spans.Count(static span => span.IsError).ToString(CultureInfo.InvariantCulture),
                view.Spans[0].Service, view.Spans[0].Name,
            ]);
        }
        Table.Print(rows);
    }

    private static bool IsId(string text) => text.Length is > 8 and <= 32 && text.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;

    private static string? Duration(string? text) => text is null ? null : GoDuration.Format(DurationArgument.Parse(text));

    private static void Add(List<string> query, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            query.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    private static string Microseconds(DateTimeOffset time) => (NanosecondTime.Of(time) / 1000).ToString(CultureInfo.InvariantCulture);
}
