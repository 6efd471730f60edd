using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos silence recurring add|query|remove</c>: silences that come back, which amtool does not know.</summary>
internal static class RecurringSilenceCommand
{
    private const string Path = "api/pharos/silences/recurring";

    public static Command Create(AmtoolOptions common)
    {
        var command = Query(new Command("recurring", "Adds, shows and removes silences that come back.")
        {
            Add(common), Query(new Command("query", "Shows silences that come back."), common), Remove(common),
        }, common);
        return command;
    }

    private static Command Add(AmtoolOptions common)
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "alertname=foo node=~bar; a first word alone is the alertname." };
        var times = new Option<string[]>("--times") { Description = "From when until when, as in 22:00-24:00; can be repeated." };
        var weekdays = new Option<string[]>("--weekdays") { Description = "monday:friday, or saturday; can be repeated." };
        var days = new Option<string[]>("--days-of-month") { Description = "1:7, or -1 for the last day; can be repeated." };
        var months = new Option<string[]>("--months") { Description = "january, 1:3; can be repeated." };
        var years = new Option<string[]>("--years") { Description = "2026:2027; can be repeated." };
        var location = new Option<string?>("--location") { Description = "The time zone, as in Europe/Berlin; UTC where it is missing." };
        var start = new Option<string?>("--start") { Description = "No window begins before (RFC 3339)." };
        var end = new Option<string?>("--end") { Description = "Every window ends by then (RFC 3339)." };
        var author = new Option<string?>("--author", "-a") { Description = "Who silences; the file's author, or who runs this." };
        var comment = new Option<string?>("--comment", "-c") { Description = "Why." };
        var receiver = SilenceAddCommand.Receiver();
        var command = new Command("add", "Adds a silence that comes back and prints its id.") { matchers };
        foreach (var option in (Option[])[times, weekdays, days, months, years, location, start, end, author, comment, receiver])
        {
            command.Add(option);
        }
        command.Do(async (parsed, cancellation) =>
        {
            var settings = common.Read(parsed);
            var interval = new JsonObject { ["times"] = new JsonArray([.. (parsed.GetValue(times) ?? []).Select(Times)]) };
            foreach (var (name, option) in (ReadOnlySpan<(string, Option<string[]>)>)
                [("weekdays", weekdays), ("days_of_month", days), ("months", months), ("years", years)])
            {
                interval[name] = new JsonArray([.. (parsed.GetValue(option) ?? []).Select(static text => (JsonNode)text)]);
            }
            interval["location"] = parsed.GetValue(location) ?? "";
            var body = SilenceAddCommand.Body(settings, parsed.GetValue(matchers)!, parsed.GetValue(author), parsed.GetValue(comment));
            body["timeIntervals"] = new JsonArray(interval);
            body["receiver"] = parsed.GetValue(receiver) ?? "";
            body["startsAt"] = AmtoolSettings.ParseTime(parsed.GetValue(start)) is { } from ? AmtoolSettings.Wire(from) : null;
            body["endsAt"] = AmtoolSettings.ParseTime(parsed.GetValue(end)) is { } until ? AmtoolSettings.Wire(until) : null;
            using var client = settings.Client();
            var answer = await client.PostJsonAsync(Path, body.ToJsonString(), cancellation);
            Console.Out.WriteLine(answer.GetProperty("id").GetString());
            return 0;
        });
        return command;
    }

    private static Command Query(Command command, AmtoolOptions common)
    {
        command.Do(async (parsed, cancellation) =>
        {
            var settings = common.Read(parsed);
            using var client = settings.Client();
            var all = (await client.GetAsync(Path, cancellation)).GetProperty("recurringSilences");
            if (settings.Output is OutputFormat.Json)
            {
                Console.Out.WriteLine(all.GetRawText());
                return 0;
            }
            var rows = new List<string[]> { (string[])["ID", "Matchers", "Receiver", "When", "Next From", "Next Until", "Created By", "Comment"] };
            foreach (var silence in all.EnumerateArray())
            {
                string Next(string name) => silence.TryGetProperty("next", out var next)
                    ? settings.Date(next.GetProperty(name).GetDateTimeOffset()) : "never";
                rows.Add(
                [
                    Text(silence, "id"), SilencePrinter.Matchers(silence), Text(silence, "receiver"),
                    string.Join(" or ", silence.GetProperty("timeIntervals").EnumerateArray().Select(When)),
                    Next("startsAt"), Next("endsAt"), Text(silence, "createdBy"), Text(silence, "comment"),
                ]);
            }
            Table.Print(rows);
            return 0;
        });
        return command;
    }

    private static Command Remove(AmtoolOptions common)
    {
        var ids = new Argument<string[]>("ID") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("remove", "Removes silences that come back; those of windows that run end now.") { ids };
        command.Do(async (parsed, cancellation) =>
        {
            using var client = common.Read(parsed).Client();
            foreach (var id in parsed.GetValue(ids)!)
            {
                await client.DeleteAsync($"{Path}/{Uri.EscapeDataString(id)}", cancellation);
            }
            return 0;
        });
        return command;
    }

    private static JsonNode Times(string text) => text.Split('-') is [var start, var end]
        ? new JsonObject { ["start_time"] = start.Trim(), ["end_time"] = end.Trim() }
        : throw new FormatException($"--times takes two times as in 22:00-24:00, not {text}");

    private static string When(JsonElement interval)
    {
        var times = interval.GetProperty("times").EnumerateArray().Select(time => $"{Text(time, "start_time")}-{Text(time, "end_time")}");
        var lists = new[] { "weekdays", "days_of_month", "months", "years" }
            .Select(name => string.Join(',', interval.GetProperty(name).EnumerateArray().Select(text => text.GetString())));
        return string.Join(' ', lists.Prepend(string.Join(',', times)).Append(Text(interval, "location")).Where(text => text.Length > 0));
    }

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString() ?? "";
}
