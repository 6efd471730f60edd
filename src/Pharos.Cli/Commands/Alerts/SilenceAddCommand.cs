using System.CommandLine;
using System.Text.Json.Nodes;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos silence add</c>.</summary>
internal static class SilenceAddCommand
{
    public static Command Create(AmtoolOptions common)
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "alertname=foo node=~bar; a first word alone is the alertname." };
        var author = new Option<string?>("--author", "-a") { Description = "Who silences; the file's author, or who runs this." };
        var duration = new Option<string>("--duration", "-d") { DefaultValueFactory = _ => "1h", Description = "How long, as in 1h30m." };
        var start = new Option<string?>("--start") { Description = "Start time (RFC 3339); now where it is missing." };
        var end = new Option<string?>("--end") { Description = "End time (RFC 3339), instead of a duration." };
        var comment = new Option<string?>("--comment", "-c") { Description = "Why." };
        var receiver = Receiver();
        var command = new Command("add", "Adds a silence and prints its id.") { matchers, author, duration, start, end, comment, receiver };
        command.Do(async (parsed, cancellation) =>
        {
            var settings = common.Read(parsed);
            var body = Body(settings, parsed.GetValue(matchers)!, parsed.GetValue(author), parsed.GetValue(comment));
            var startsAt = AmtoolSettings.ParseTime(parsed.GetValue(start)) ?? TimeProvider.System.GetUtcNow();
            var endsAt = AmtoolSettings.ParseTime(parsed.GetValue(end)) ?? startsAt + SilenceTimes.Length(parsed.GetValue(duration)!);
            SilenceTimes.Check(startsAt, endsAt);
            body["startsAt"] = AmtoolSettings.Wire(startsAt);
            body["endsAt"] = AmtoolSettings.Wire(endsAt);
            body["receiver"] = parsed.GetValue(receiver) ?? "";
            using var client = settings.Client();
            Console.Out.WriteLine(await PostAsync(client, body, cancellation));
            return 0;
        });
        return command;
    }

    public static Option<string?> Receiver() =>
        new("--receiver") { Description = "The receiver that alone is told nothing; Pharos only, hidden from Alertmanager's API." };

    /// <summary>Adds or changes a silence. Alertmanager's API would make one of a single receiver one of all.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> PostAsync(ServerClient client, JsonObject silence, CancellationToken cancellation)
    {
        if ((string?)silence["receiver"] is { Length: > 0 })
        {
            return (await client.PostJsonAsync("api/pharos/silences", silence.ToJsonString(), cancellation)).GetProperty("id").GetString()!;
        }
        silence.Remove("receiver");
        return (await client.PostJsonAsync("api/v2/silences", silence.ToJsonString(), cancellation)).GetProperty("silenceID").GetString()!;
    }

    /// <summary>What every silence says, but for its times.</summary>
    /// <exception cref="FormatException">There are no matchers, or no comment where the file wants one.</exception>
    public static JsonObject Body(AmtoolSettings settings, string[] matchers, string? author, string? comment)
    {
        var found = MatcherWords.Matchers(matchers).ToList();
        if (found.Count == 0)
        {
            throw new FormatException("no matchers specified");
        }
        if (settings.RequiresComment && string.IsNullOrEmpty(comment))
        {
            throw new FormatException("comment required by config");
        }
        return new JsonObject
        {
            ["matchers"] = new JsonArray([.. found.Select(static matcher => (JsonNode)new JsonObject
            {
                ["name"] = matcher.Name,
                ["value"] = matcher.Value,
                ["isRegex"] = matcher.Type is MatchType.Regex or MatchType.NotRegex,
                ["isEqual"] = matcher.Type is MatchType.Equal or MatchType.Regex,
            })]),
            ["createdBy"] = author ?? settings.Author,
            ["comment"] = comment ?? "",
        };
    }
}
