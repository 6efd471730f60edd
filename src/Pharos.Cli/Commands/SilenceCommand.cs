using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pharos.Alerting.Routing;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos silence add|query|expire</c>, as amtool.</summary>
internal static class SilenceCommand
{
    public static Command Create() => new("silence", "Adds, shows and ends silences.") { Add(), Query(), Expire() };

    private static Command Add()
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "alertname=foo node=~bar; a first word alone is the alertname." };
        var author = new Option<string>("--author", "-a") { DefaultValueFactory = _ => Environment.UserName, Description = "Who silences." };
        var duration = new Option<string>("--duration", "-d") { DefaultValueFactory = _ => "1h", Description = "How long, as in 1h30m." };
        var start = new Option<string?>("--start") { Description = "Start time (RFC 3339); now where it is missing." };
        var end = new Option<string?>("--end") { Description = "End time (RFC 3339), instead of a duration." };
        var comment = new Option<string?>("--comment", "-c") { Description = "Why." };
        var server = Asking.AlertmanagerUrl();
        var command = new Command("add", "Adds a silence and prints its id.") { matchers, author, duration, start, end, comment, server };
        command.Do(async (parsed, cancellation) =>
        {
            var words = parsed.GetValue(matchers)!;
            if (words.Length == 0)
            {
                throw new FormatException("no matchers specified");
            }
            if (string.IsNullOrWhiteSpace(parsed.GetValue(comment)))
            {
                throw new FormatException("comment required by config: say why with --comment");
            }
            var startsAt = Time(parsed.GetValue(start)) ?? TimeProvider.System.GetUtcNow();
            var endsAt = Time(parsed.GetValue(end)) ?? startsAt + Length(parsed.GetValue(duration)!);
            var body = new JsonObject
            {
                ["matchers"] = new JsonArray([.. MatcherWords.Complete(words).Select(Matcher)]),
                ["startsAt"] = startsAt.ToString("O", CultureInfo.InvariantCulture),
                ["endsAt"] = endsAt.ToString("O", CultureInfo.InvariantCulture),
                ["createdBy"] = parsed.GetValue(author),
                ["comment"] = parsed.GetValue(comment),
            };
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PostJsonAsync("api/v2/silences", body.ToJsonString(), cancellation);
            Console.Out.WriteLine(answer.GetProperty("silenceID").GetString());
            return 0;
        });
        return command;
    }

    private static Command Query()
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "Only silences with these matchers." };
        var expired = new Option<bool>("--expired") { Description = "Show expired silences instead." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Only the ids." };
        var author = new Option<string?>("--created-by") { Description = "Only silences of this author." };
        var output = new Option<string>("--output", "-o") { DefaultValueFactory = _ => "simple", Description = "simple or json." };
        var server = Asking.AlertmanagerUrl();
        var command = new Command("query", "Shows silences.") { matchers, expired, quiet, author, output, server };
        command.Do(async (parsed, cancellation) =>
        {
            var filters = MatcherWords.Complete(parsed.GetValue(matchers)!).Select(text => "filter=" + Uri.EscapeDataString(text));
            using var client = new ServerClient(parsed.GetValue(server)!);
            var all = await client.GetAsync("api/v2/silences?" + string.Join('&', filters), cancellation);
            var shown = all.EnumerateArray().Where(silence =>
                silence.GetProperty("status").GetProperty("state").GetString() == "expired" == parsed.GetValue(expired)
                && (parsed.GetValue(author) is not { } by || silence.GetProperty("createdBy").GetString() == by)).ToArray();
            Print(shown, parsed.GetValue(quiet), parsed.GetValue(output)!);
            return 0;
        });
        return command;
    }

    private static Command Expire()
    {
        var ids = new Argument<string[]>("ID") { Arity = ArgumentArity.OneOrMore };
        var server = Asking.AlertmanagerUrl();
        var command = new Command("expire", "Ends silences.") { ids, server };
        command.Do(async (parsed, cancellation) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            foreach (var id in parsed.GetValue(ids)!)
            {
                await client.DeleteAsync("api/v2/silence/" + Uri.EscapeDataString(id), cancellation);
            }
            return 0;
        });
        return command;
    }

    private static JsonNode Matcher(string text)
    {
        var parsed = MatcherParser.ParseOne(text);
        if (parsed.Error is { } error)
        {
            throw new FormatException(error);
        }
        var matcher = parsed.Matchers[0];
        return new JsonObject
        {
            ["name"] = matcher.Name,
            ["value"] = matcher.Value,
            ["isRegex"] = matcher.Type is MatchType.Regex or MatchType.NotRegex,
            ["isEqual"] = matcher.Type is MatchType.Equal or MatchType.Regex,
        };
    }

    private static TimeSpan Length(string text) => PrometheusDuration.TryParse(text, out var length) && length > TimeSpan.Zero ? length
        : throw new FormatException($"--duration: not a valid duration string: {GoQuote.Quote(text)}");

    private static DateTimeOffset? Time(string? text)
    {
        if (text is null)
        {
            return null;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new FormatException($"not a time (RFC 3339): {GoQuote.Quote(text)}");
    }

    private static void Print(JsonElement[] silences, bool quiet, string output)
    {
        if (quiet)
        {
            foreach (var silence in silences)
            {
                Console.Out.WriteLine(silence.GetProperty("id").GetString());
            }
            return;
        }
        if (output == "json")
        {
            Console.Out.WriteLine($"[{string.Join(',', silences.Select(silence => silence.GetRawText()))}]");
            return;
        }
        var rows = new List<string[]> { (string[])["ID", "Matchers", "Ends At", "Created By", "Comment"] };
        foreach (var silence in silences)
        {
            rows.Add(
            [
                silence.GetProperty("id").GetString()!,
                string.Join(' ', silence.GetProperty("matchers").EnumerateArray().Select(Text)),
                silence.GetProperty("endsAt").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
                silence.GetProperty("createdBy").GetString()!,
                silence.GetProperty("comment").GetString()!,
            ]);
        }
        Table.Print(rows);
    }

    private static string Text(JsonElement matcher)
    {
        var isRegex = matcher.GetProperty("isRegex").GetBoolean();
        var isEqual = !matcher.TryGetProperty("isEqual", out var equal) || equal.GetBoolean();
        var symbol = (isEqual, isRegex) switch
        {
            (true, false) => "=",
            (true, true) => "=~",
            (false, false) => "!=",
            _ => "!~",
        };
        return $"{matcher.GetProperty("name").GetString()}{symbol}{GoQuote.Quote(matcher.GetProperty("value").GetString()!)}";
    }
}
