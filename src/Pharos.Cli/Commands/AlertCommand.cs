using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos alert add|query</c>, as amtool.</summary>
internal static class AlertCommand
{
    public static Command Create() => new("alert", "Adds and shows alerts.") { Query(), Add() };

    private static Command Query()
    {
        var matchers = new Argument<string[]>("MATCHER") { Description = "alertname=foo node=~bar; a first word alone is the alertname." };
        var silenced = new Option<bool>("--silenced", "-s") { Description = "Show silenced alerts." };
        var inhibited = new Option<bool>("--inhibited", "-i") { Description = "Show inhibited alerts." };
        var active = new Option<bool>("--active", "-a") { Description = "Show active alerts." };
        var receiver = new Option<string?>("--receiver", "-r") { Description = "Show alerts of this receiver (regex)." };
        var output = new Option<string>("--output", "-o") { DefaultValueFactory = _ => "simple", Description = "simple or json." };
        var server = Asking.AlertmanagerUrl();
        var command = new Command("query", "Shows alerts.") { matchers, silenced, inhibited, active, receiver, output, server };
        command.Do(async (parsed, cancellation) =>
        {
            var chosen = parsed.GetValue(silenced) || parsed.GetValue(inhibited) || parsed.GetValue(active);
            var query = new List<string>
            {
                $"active={Text(!chosen || parsed.GetValue(active))}",
                $"silenced={Text(parsed.GetValue(silenced))}",
                $"inhibited={Text(parsed.GetValue(inhibited))}",
            };
            query.AddRange(MatcherWords.Complete(parsed.GetValue(matchers)!).Select(text => "filter=" + Uri.EscapeDataString(text)));
            if (parsed.GetValue(receiver) is { } wanted)
            {
                query.Add("receiver=" + Uri.EscapeDataString(wanted));
            }
            using var client = new ServerClient(parsed.GetValue(server)!);
            var alerts = await client.GetAsync("api/v2/alerts?" + string.Join('&', query), cancellation);
            Print(alerts, parsed.GetValue(output)!);
            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var labels = new Argument<string[]>("LABEL") { Description = "name=value; a first word alone is the alertname." };
        var annotations = new Option<string[]>("--annotation") { Description = "name=value; can be repeated." };
        var generator = new Option<string?>("--generator-url") { Description = "URL of the source of the alert." };
        var start = new Option<string?>("--start") { Description = "Start time (RFC 3339)." };
        var end = new Option<string?>("--end") { Description = "End time (RFC 3339)." };
        var server = Asking.AlertmanagerUrl();
        var command = new Command("add", "Posts an alert.") { labels, annotations, generator, start, end, server };
        command.Do(async (parsed, cancellation) =>
        {
            var words = parsed.GetValue(labels)!;
            if (words.Length == 0)
            {
                throw new FormatException("an alert needs at least one label");
            }
            var alert = new JsonObject
            {
                ["labels"] = MatcherWords.Pairs(words),
                ["annotations"] = MatcherWords.Pairs(parsed.GetValue(annotations) ?? []),
            };
            Set(alert, "generatorURL", parsed.GetValue(generator));
            Set(alert, "startsAt", parsed.GetValue(start));
            Set(alert, "endsAt", parsed.GetValue(end));
            using var client = new ServerClient(parsed.GetValue(server)!);
            await client.PostJsonAsync("api/v2/alerts", new JsonArray(alert).ToJsonString(), cancellation);
            return 0;
        });
        return command;
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static void Set(JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static void Print(JsonElement alerts, string output)
    {
        if (output == "json")
        {
            Console.Out.WriteLine(alerts.GetRawText());
            return;
        }
        var rows = new List<string[]> { (string[])["Alertname", "Starts At", "Summary", "State"] };
        foreach (var alert in alerts.EnumerateArray())
        {
            var starts = alert.GetProperty("startsAt").GetDateTimeOffset().UtcDateTime;
            rows.Add(
            [
                Field(alert.GetProperty("labels"), "alertname"),
                starts.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
                Field(alert.GetProperty("annotations"), "summary"),
                Field(alert.GetProperty("status"), "state"),
            ]);
        }
        Table.Print(rows);
    }

    private static string Field(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
