using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos silence update</c>: other times or another comment for silences that there are.</summary>
internal static class SilenceUpdateCommand
{
    public static Command Create(AmtoolOptions common)
    {
        var ids = new Argument<string[]>("ID") { Arity = ArgumentArity.ZeroOrMore };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Only the ids." };
        var duration = new Option<string?>("--duration", "-d") { Description = "How long from its start, as in 1h30m." };
        var start = new Option<string?>("--start") { Description = "Start time (RFC 3339)." };
        var end = new Option<string?>("--end") { Description = "End time (RFC 3339), instead of a duration." };
        var comment = new Option<string?>("--comment", "-c") { Description = "Why." };
        var command = new Command("update", "Changes silences and shows them.") { ids, quiet, duration, start, end, comment };
        command.Do(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(ids) is not { Length: > 0 } given)
            {
                throw new FormatException("no silence IDs specified");
            }
            var settings = common.Read(parsed);
            var (newStart, newEnd) = (AmtoolSettings.ParseTime(parsed.GetValue(start)), AmtoolSettings.ParseTime(parsed.GetValue(end)));
            TimeSpan? length = parsed.GetValue(duration) is { Length: > 0 } text ? SilenceTimes.Length(text) : null;
            using var client = settings.Client();
            var updated = new List<JsonElement>();
            foreach (var id in given)
            {
                var silence = JsonObject.Create(await client.GetAsync("api/v2/silence/" + Uri.EscapeDataString(id), cancellation))!;
                var startsAt = newStart ?? Time(silence, "startsAt");
                var endsAt = newEnd ?? (length is { } own ? startsAt + own : Time(silence, "endsAt"));
                SilenceTimes.Check(startsAt, endsAt);
                silence["startsAt"] = AmtoolSettings.Wire(startsAt);
                silence["endsAt"] = AmtoolSettings.Wire(endsAt);
                if (parsed.GetValue(comment) is { Length: > 0 } why)
                {
                    silence["comment"] = why;
                }
                // What the server alone decides.
                silence.Remove("status");
                silence.Remove("updatedAt");
                var answer = await client.PostJsonAsync("api/v2/silences", silence.ToJsonString(), cancellation);
                // One that is over gets a new id.
                var newId = answer.GetProperty("silenceID").GetString()!;
                updated.Add(await client.GetAsync("api/v2/silence/" + Uri.EscapeDataString(newId), cancellation));
            }
            SilencePrinter.Print(updated, parsed.GetValue(quiet), settings);
            return 0;
        });
        return command;
    }

    private static DateTimeOffset Time(JsonObject silence, string name) => silence[name]!.GetValue<DateTimeOffset>();
}
