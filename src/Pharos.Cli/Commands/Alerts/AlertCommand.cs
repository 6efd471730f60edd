using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos alert add|query</c>, as amtool, and <c>history</c>; without a verb it is <c>query</c>.</summary>
internal static class AlertCommand
{
    public static Command Create()
    {
        var common = new AmtoolOptions();
        var query = Query(new Command("query", "Shows alerts."), common);
        var command = Query(new Command("alert", "Adds and shows alerts.") { query, Add(common), AlertHistoryCommand.Create(common) }, common);
        common.AddTo(command);
        return command;
    }

    private static Command Query(Command command, AmtoolOptions common)
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "alertname=foo node=~bar; a first word alone is the alertname." };
        var silenced = new Option<bool>("--silenced", "-s") { Description = "Show silenced alerts." };
        var inhibited = new Option<bool>("--inhibited", "-i") { Description = "Show inhibited alerts." };
        var active = new Option<bool>("--active", "-a") { Description = "Show active alerts." };
        var unprocessed = new Option<bool>("--unprocessed", "-u") { Description = "Show unprocessed alerts." };
        var receiver = new Option<string?>("--receiver", "-r") { Description = "Show alerts of this receiver (regex)." };
        command.Add(matchers);
        foreach (var option in (Option[])[silenced, inhibited, active, unprocessed, receiver])
        {
            command.Add(option);
        }
        command.Do((parsed, cancellation) =>
        {
            var chosen = ((Option<bool>[])[silenced, inhibited, active, unprocessed]).Any(option => parsed.GetValue(option));
            var query = new List<string>
            {
                $"active={Text(!chosen || parsed.GetValue(active))}",
                $"silenced={Text(parsed.GetValue(silenced))}",
                $"inhibited={Text(parsed.GetValue(inhibited))}",
                $"unprocessed={Text(parsed.GetValue(unprocessed))}",
            };
            query.AddRange(MatcherWords.Complete(parsed.GetValue(matchers)!).Select(text => "filter=" + Uri.EscapeDataString(text)));
            if (parsed.GetValue(receiver) is { } wanted)
            {
                query.Add("receiver=" + Uri.EscapeDataString(wanted));
            }
            return ShowAsync(common.Read(parsed), query, cancellation);
        });
        return command;
    }

    private static Command Add(AmtoolOptions common)
    {
        var labels = new Argument<string[]>("LABEL") { Description = "name=value; a first word alone is the alertname." };
        var annotations = new Option<string[]>("--annotation") { Description = "name=value; can be repeated." };
        var generator = new Option<string?>("--generator-url") { Description = "URL of the source of the alert." };
        var start = new Option<string?>("--start") { Description = "Start time (RFC 3339)." };
        var end = new Option<string?>("--end") { Description = "End time (RFC 3339)." };
        var command = new Command("add", "Posts an alert.") { labels, annotations, generator, start, end };
        command.Do(async (parsed, cancellation) =>
        {
            var alert = new JsonObject
            {
                ["labels"] = MatcherWords.Json(MatcherWords.Labels(MatcherWords.Complete(parsed.GetValue(labels)!))),
                ["annotations"] = MatcherWords.Json(MatcherWords.Labels(parsed.GetValue(annotations) ?? [])),
            };
            Set(alert, "generatorURL", parsed.GetValue(generator));
            Set(alert, "startsAt", Wire(parsed.GetValue(start)));
            Set(alert, "endsAt", Wire(parsed.GetValue(end)));
            using var client = common.Read(parsed).Client();
            await client.PostJsonAsync("api/v2/alerts", new JsonArray(alert).ToJsonString(), cancellation);
            return 0;
        });
        return command;
    }

    private static string? Wire(string? time) => AmtoolSettings.ParseTime(time) is { } given ? AmtoolSettings.Wire(given) : null;

    private static string Text(bool value) => value ? "true" : "false";

    private static void Set(JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static async Task<int> ShowAsync(AmtoolSettings settings, IEnumerable<string> query, CancellationToken cancellation)
    {
        using var client = settings.Client();
        var alerts = await client.GetAsync("api/v2/alerts?" + string.Join('&', query), cancellation);
        if (settings.Output is OutputFormat.Json)
        {
            Console.Out.WriteLine(alerts.GetRawText());
            return 0;
        }
        var isExtended = settings.Output is OutputFormat.Extended;
        var rows = new List<string[]>
        {
            isExtended ? (string[])["Labels", "Annotations", "Starts At", "Ends At", "Generator URL", "State"] : ["Alertname", "Starts At", "Summary", "State"],
        };
        foreach (var alert in alerts.EnumerateArray().OrderBy(static alert => alert.GetProperty("startsAt").GetDateTimeOffset()))
        {
            var (labels, annotations) = (alert.GetProperty("labels"), alert.GetProperty("annotations"));
            var starts = settings.Date(alert.GetProperty("startsAt").GetDateTimeOffset());
            var state = Field(alert.GetProperty("status"), "state");
            rows.Add(isExtended
                ? (string[])[All(labels), All(annotations), starts,
                    settings.Date(alert.GetProperty("endsAt").GetDateTimeOffset()), Field(alert, "generatorURL"), state]
                : [Field(labels, "alertname"), starts, Field(annotations, "summary"), state]);
        }
        Table.Print(rows);
        return 0;
    }

    /// <summary>amtool does not escape the values here.</summary>
    private static string All(JsonElement labels) => string.Join(' ',
        labels.EnumerateObject().Select(static label => $"{label.Name}=\"{label.Value.GetString()}\"").Order(StringComparer.Ordinal));

    private static string Field(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
