using System.CommandLine;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos alert history</c>: what became of alerts, the newest first; amtool has no such verb.</summary>
internal static class AlertHistoryCommand
{
    public static Command Create(AmtoolOptions common)
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "alertname=foo node=~bar; a first word alone is the alertname." };
        var limit = new Option<int>("--limit") { DefaultValueFactory = _ => 100, Description = "How many transitions, at most 1000." };
        var start = new Option<string?>("--start") { Description = "Nothing before (RFC 3339)." };
        var end = new Option<string?>("--end") { Description = "Nothing after (RFC 3339)." };
        var command = new Command("history", "Shows when alerts fired, were suppressed and were over.") { matchers, limit, start, end };
        command.Do(async (parsed, cancellation) =>
        {
            var settings = common.Read(parsed);
            var query = MatcherWords.Complete(parsed.GetValue(matchers)!).Select(static text => "filter=" + Uri.EscapeDataString(text))
                .Append(FormattableString.Invariant($"limit={parsed.GetValue(limit)}")).ToList();
            foreach (var (name, option) in (ReadOnlySpan<(string, Option<string?>)>)[("start", start), ("end", end)])
            {
                if (AmtoolSettings.ParseTime(parsed.GetValue(option)) is { } time)
                {
                    query.Add($"{name}={Uri.EscapeDataString(AmtoolSettings.Wire(time))}");
                }
            }
            using var client = settings.Client();
            var answer = await client.GetAsync("api/pharos/alerts/history?" + string.Join('&', query), cancellation);
            var transitions = answer.GetProperty("transitions");
            if (settings.Output is OutputFormat.Json)
            {
                Console.Out.WriteLine(transitions.GetRawText());
                return 0;
            }
            var rows = new List<string[]> { (string[])["At", "State", "Alertname", "Labels", "Reason"] };
            rows.AddRange(transitions.EnumerateArray().Select(transition => Row(transition, settings)));
            Table.Print(rows);
            return 0;
        });
        return command;
    }

    private static string[] Row(JsonElement transition, AmtoolSettings settings)
    {
        const string Name = "alertname";
        var labels = transition.GetProperty("labels").EnumerateObject().ToList();
        return
        [
            settings.Date(transition.GetProperty("at").GetDateTimeOffset()),
            transition.GetProperty("state").GetString()!,
            labels.Find(label => label.NameEquals(Name)) is { Value.ValueKind: JsonValueKind.String } name ? name.Value.GetString()! : "",
            string.Join(' ', labels.Where(label => !label.NameEquals(Name)).Select(label => $"{label.Name}={GoQuote.Quote(label.Value.GetString()!)}")),
            transition.GetProperty("reason").GetString()!,
        ];
    }
}
