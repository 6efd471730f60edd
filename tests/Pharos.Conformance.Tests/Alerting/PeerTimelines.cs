using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pharos.Alerting.Routing;
using Pharos.Conformance.Tests.Peers;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Plays scripts in real seconds on one real Alertmanager: many at once, each below its own route, told from the others
/// by the label <c>scenario</c>; one alone where it reloads or ends the process.</summary>
internal sealed partial class PeerTimelines(IReadOnlyList<TimelineScript> scripts) : IDisposable
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-timelines").FullName;
    private readonly Dictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _silenceIds = new(StringComparer.Ordinal);
    private readonly Uri _address = new($"http://127.0.0.1:{PeerProcess.FreePort()}");
    private readonly string[] _yamls = [.. scripts.Select(static script => script.Yaml())];
    private HttpClient? _client;
    private PeerProcess? _peer;
    private string _sink = "";
    private DateTimeOffset _zero;

    public static void Need() => PeerProcess.Need(Alertmanager);

    /// <returns>By script: what was told, in order, each as receiver and alerts.</returns>
    public async Task<IReadOnlyDictionary<TimelineScript, string[]>> PlayAsync(CancellationToken cancellation)
    {
        await using var sink = new WebhookSink();
        sink.Answer = (path, _) => Task.FromResult<int?>(_answers.GetValueOrDefault(path, 200));
        _sink = sink.Authority;
        using var client = new HttpClient { BaseAddress = _address };
        _client = client;
        _zero = Zero();
        await StartAsync();
        _zero = Zero();
        var actions = scripts.SelectMany((script, index) => script.Actions.Select(step => (step, script, index))).OrderBy(action => action.step.At);
        foreach (var (step, script, index) in actions)
        {
            await UntilAsync(step.At, cancellation);
            await DoAsync(step, script, $"s{index}");
        }
        await UntilAsync(scripts.Max(script => script.End) + 1, cancellation);
        await (_peer?.DisposeAsync() ?? ValueTask.CompletedTask);
        return scripts.Select((script, index) => (script, Told: Told(sink, script, $"/s{index}/"))).ToDictionary(pair => pair.script, pair => pair.Told);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Where times of day matter, a full minute, as the virtual clock begins with one.</summary>
    private DateTimeOffset Zero()
    {
        var soon = DateTimeOffset.UtcNow.AddSeconds(0.5);
        if (!scripts.Any(static script => script.HasTimesOfDay))
        {
            return soon;
        }
        var minute = soon.AddSeconds(60 - scripts.Min(static script => script.Actions.First().At));
        return new DateTimeOffset(minute.Ticks - (minute.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
    }

    private async Task StartAsync()
    {
        await WriteConfigAsync();
        _peer = await PeerProcess.ServeAsync(Alertmanager, new Uri(_address, "/-/ready"), $"--config.file={_folder}/alertmanager.yml",
            $"--storage.path={_folder}/data", $"--web.listen-address={_address.Authority}", "--cluster.listen-address=");
    }

    private Task WriteConfigAsync() => File.WriteAllTextAsync(Path.Combine(_folder, "alertmanager.yml"), Merged());

    private async Task StopAsync()
    {
        await _peer!.SignalAsync("TERM");
        await _peer.ExitAsync(TestContext.Current.CancellationToken);
        await _peer.DisposeAsync();
    }

    private async Task ReloadAsync(string change)
    {
        var words = change.Split(" => ");
        _yamls[0] = words is [var old, var now] ? _yamls[0].Replace(old, now, StringComparison.Ordinal) : _yamls[0];
        await WriteConfigAsync();
        (await _client!.PostAsync("/-/reload", null)).EnsureSuccessStatusCode();
    }

    private string[] Told(WebhookSink sink, TimelineScript script, string prefix) => [.. sink.Taken
        .Where(taken => taken.Path.StartsWith(prefix, StringComparison.Ordinal) && taken.At <= _zero.AddSeconds(script.End + 0.45))
        .OrderBy(taken => taken.Path, StringComparer.Ordinal).ThenBy(taken => taken.At)
        .Select(taken => $"{taken.Path[prefix.Length..]}: {string.Join(", ", taken.Message["alerts"]!.AsArray().Select(Text))}")];

    private static string Text(JsonNode? alert) => ScriptedAlert.Text(
        alert!["labels"]!.AsObject().Where(label => label.Key != "scenario").Select(label => KeyValuePair.Create(label.Key, (string)label.Value!)),
        (string)alert["status"]! == "resolved");

    private async Task UntilAsync(double second, CancellationToken cancellation)
    {
        var wait = _zero.AddSeconds(second) - DateTimeOffset.UtcNow;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, cancellation);
        }
    }

    private async Task DoAsync(TimelineStep step, TimelineScript script, string scenario)
    {
        var words = step.Rest.Split(' ', 3);
        switch (step.Verb)
        {
            case "alert" or "resolved":
                await PostAlertAsync(step, script, scenario);
                break;
            case "silence":
                await PostSilenceAsync(words[0], words[1], words[2], step.At, scenario);
                break;
            case "expire":
                (await _client!.DeleteAsync($"/api/v2/silence/{_silenceIds[$"{scenario}/{words[0]}"]}")).EnsureSuccessStatusCode();
                break;
            case "answer":
                var path = $"/{scenario}/{(words[0].Contains('/', StringComparison.Ordinal) ? words[0] : words[0] + "/0")}";
                _answers[path] = words[1] switch { "ok" => 200, "refuse" => 400, _ => 503 };
                break;
            case "reload" when scripts.Count == 1:
                await ReloadAsync(step.Rest);
                break;
            case "stop" when scripts.Count == 1:
                await StopAsync();
                break;
            case "start" when scripts.Count == 1:
                await StartAsync();
                break;
            case "restart" when scripts.Count == 1:
                await StopAsync();
                await StartAsync();
                break;
            default:
                throw new FormatException($"'{step.Verb}' cannot be done with one of many routes of one process: say 'only'");
        }
    }

    private async Task PostAlertAsync(TimelineStep step, TimelineScript script, string scenario)
    {
        var alert = ScriptedAlert.Of(step).Postable(_zero);
        // The merged file has one resolve timeout for all.
        var timeout = script.Config.Select(line => ResolveTimeout().Match(line)).FirstOrDefault(match => match.Success);
        var endsAt = alert.EndsAt ?? (timeout is null ? null : _zero.AddSeconds(step.At).AddMilliseconds(int.Parse(timeout.Groups[1].Value)
            * (timeout.Groups[2].Value == "s" ? 1000 : 1)));
        var labels = new JsonObject(alert.Labels.Select(label => KeyValuePair.Create(label.Name, (JsonNode?)label.Value))) { ["scenario"] = scenario };
        var body = new JsonObject { ["labels"] = labels };
        Add(body, "startsAt", alert.StartsAt);
        Add(body, "endsAt", endsAt);
        (await _client!.PostAsJsonAsync("/api/v2/alerts", new JsonArray(body))).EnsureSuccessStatusCode();
    }

    private static void Add(JsonObject body, string name, DateTimeOffset? time)
    {
        if (time is { } given)
        {
            body[name] = given.ToString("O");
        }
    }

    private async Task PostSilenceAsync(string name, string times, string matchers, double at, string scenario)
    {
        var (start, end) = times.Split('-') is [var from, var until] ? (double.Parse(from), double.Parse(until)) : (at, double.Parse(times));
        var all = MatcherParser.ParseAll(matchers).Matchers.Append(new LabelMatcher(MatchType.Equal, "scenario", scenario));
        var body = new JsonObject
        {
            ["startsAt"] = _zero.AddSeconds(start).ToString("O"),
            ["endsAt"] = _zero.AddSeconds(end).ToString("O"),
            ["createdBy"] = "timeline",
            ["comment"] = name,
            ["matchers"] = new JsonArray([.. all.Select(matcher => (JsonNode)new JsonObject
            {
                ["name"] = matcher.Name,
                ["value"] = matcher.Value,
                ["isRegex"] = matcher.Type is MatchType.Regex or MatchType.NotRegex,
                ["isEqual"] = matcher.Type is MatchType.Equal or MatchType.Regex,
            })]),
        };
        if (_silenceIds.TryGetValue($"{scenario}/{name}", out var id))
        {
            body["id"] = id;
        }
        var answer = await _client!.PostAsJsonAsync("/api/v2/silences", body);
        answer.EnsureSuccessStatusCode();
        _silenceIds[$"{scenario}/{name}"] = (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["silenceID"]!;
    }

    private string Merged()
    {
        var (routes, receivers, inhibitions) = (new List<string>(), new List<string>(), new List<string>());
        var intervals = new List<string>();
        for (var i = 0; i < scripts.Count; i++)
        {
            var scenario = $"s{i}";
            var sections = Sections(scripts[i].HasTimesOfDay ? OnThisDay(_yamls[i]) : _yamls[i]);
            routes.Add($"  - matchers: ['scenario=\"{scenario}\"']");
            routes.AddRange(sections["route"].Select(line => "  " + line
                .Replace("receiver: ", $"receiver: {scenario}_", StringComparison.Ordinal)
                .Replace("time_intervals: [", $"time_intervals: [{scenario}_", StringComparison.Ordinal)));
            receivers.AddRange(sections["receivers"].Select(line => line
                .Replace("name: ", $"name: {scenario}_", StringComparison.Ordinal)
                .Replace("http://sink/", $"http://{_sink}/{scenario}/", StringComparison.Ordinal)));
            intervals.AddRange(sections.GetValueOrDefault("time_intervals", []).Select(line => line.Replace("name: ", $"name: {scenario}_", StringComparison.Ordinal)));
            inhibitions.AddRange(sections.GetValueOrDefault("inhibit_rules", [])
                .Select(line => line.Replace("_matchers: [", $"_matchers: ['scenario=\"{scenario}\"', ", StringComparison.Ordinal)));
        }
        return string.Join('\n', (string[])
            ["route:", "  receiver: nobody", "  routes:", .. routes, "receivers:", "- name: nobody", .. receivers, "inhibit_rules:", .. inhibitions, "time_intervals:", .. intervals]);
    }

    /// <summary>Times of the script's Monday in March said as times of the day and minute of now.</summary>
    private string OnThisDay(string yaml)
    {
        var shift = _zero - VirtualTimeline.Zero;
        yaml = yaml.Replace("monday", VirtualTimeline.Zero.Add(shift).DayOfWeek.ToString().ToLowerInvariant(), StringComparison.Ordinal)
            .Replace("march", _zero.ToString("MMMM", CultureInfo.InvariantCulture).ToLowerInvariant(), StringComparison.Ordinal);
        return TimeOfDay().Replace(yaml, match =>
        {
            var time = VirtualTimeline.Zero.Date.Add(TimeSpan.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)).Add(shift).TimeOfDay;
            var isMidnight = time == TimeSpan.Zero && match.Groups[1].Value == "end";
            return $"{match.Groups[1].Value}_time: '{(isMidnight ? "24:00" : time.ToString("hh\\:mm", CultureInfo.InvariantCulture))}'";
        });
    }

    /// <summary>The lines below each key of the file's first level.</summary>
    private static Dictionary<string, List<string>> Sections(string yaml)
    {
        var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> current = [];
        foreach (var line in yaml.Split('\n'))
        {
            if (line.EndsWith(':') && char.IsAsciiLetter(line[0]))
            {
                sections[line[..^1]] = current = [];
            }
            else
            {
                current.Add(line);
            }
        }
        return sections;
    }

    [GeneratedRegex(@"(start|end)_time: '(\d\d:\d\d)'")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"resolve_timeout: (\d+)(ms|s)")]
    private static partial Regex ResolveTimeout();
}
