using System.CommandLine;
using System.Text.Json;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos silence add|expire|import|query|update</c>, as amtool; without a verb it is <c>query</c>.</summary>
internal static class SilenceCommand
{
    public static Command Create()
    {
        var common = new AmtoolOptions();
        var query = Query(new Command("query", "Shows silences."), common);
        var command = Query(new Command("silence", "Adds, changes, shows and ends silences.")
        {
            SilenceAddCommand.Create(common), Expire(common), SilenceImportCommand.Create(common), query, SilenceUpdateCommand.Create(common),
            RecurringSilenceCommand.Create(common),
        }, common);
        common.AddTo(command);
        return command;
    }

    private static Command Query(Command command, AmtoolOptions common)
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "Only silences with these matchers." };
        var expired = new Option<bool>("--expired") { Description = "Show expired silences instead." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Only the ids." };
        var author = new Option<string?>("--created-by") { Description = "Only silences of this author." };
        var ids = new Option<string[]>("--id") { Description = "Only the silence of this id; can be repeated." };
        var within = new Option<string?>("--within") { Description = "Only silences that end, or have ended, within this time." };
        var receiver = new Option<string?>("--receiver") { Description = "The silences of this receiver alone; Pharos only." };
        command.Add(matchers);
        foreach (var option in (Option[])[expired, quiet, author, ids, within, receiver])
        {
            command.Add(option);
        }
        command.Do((parsed, cancellation) =>
        {
            var wantsExpired = parsed.GetValue(expired);
            var now = TimeProvider.System.GetUtcNow();
            var limit = parsed.GetValue(within) is { } length ? AmtoolSettings.ParseLength(length) : TimeSpan.Zero;
            var wanted = parsed.GetValue(ids) ?? [];
            bool IsShown(JsonElement silence)
            {
                var end = silence.GetProperty("endsAt").GetDateTimeOffset();
                return IsExpired(silence) == wantsExpired
                    && (limit <= TimeSpan.Zero || (wantsExpired ? end >= now - limit : end <= now + limit))
                    && (parsed.GetValue(author) is not { Length: > 0 } by || silence.GetProperty("createdBy").GetString() == by)
                    && (wanted.Length == 0 || wanted.Contains(silence.GetProperty("id").GetString()));
            }
            var filter = string.Join(
                '&', MatcherWords.Complete(parsed.GetValue(matchers)!).Select(static text => "filter=" + Uri.EscapeDataString(text)));
            return ShowAsync(common.Read(parsed), filter, parsed.GetValue(receiver), IsShown, parsed.GetValue(quiet), cancellation);
        });
        return command;
    }

    private static Command Expire(AmtoolOptions common)
    {
        var ids = new Argument<string[]>("ID") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("expire", "Ends silences.") { ids };
        command.Do(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(ids) is not { Length: > 0 } given)
            {
                throw new FormatException("no silence IDs specified");
            }
            using var client = common.Read(parsed).Client();
            foreach (var id in given)
            {
                await client.DeleteAsync("api/v2/silence/" + Uri.EscapeDataString(id), cancellation);
            }
            return 0;
        });
        return command;
    }

    private static bool IsExpired(JsonElement silence) => silence.GetProperty("status").GetProperty("state").GetString() == "expired";

    private static async Task<int> ShowAsync(
        AmtoolSettings settings, string filter, string? receiver, Func<JsonElement, bool> isShown, bool quiet, CancellationToken cancellation)
    {
        using var client = settings.Client();
        var all = string.IsNullOrEmpty(receiver) ? await client.GetAsync("api/v2/silences?" + filter, cancellation)
            : (await client.GetAsync($"api/pharos/silences?receiver={Uri.EscapeDataString(receiver)}&{filter}", cancellation)).GetProperty("silences");
        SilencePrinter.Print([.. all.EnumerateArray().Where(isShown)], quiet, settings);
        return 0;
    }
}
