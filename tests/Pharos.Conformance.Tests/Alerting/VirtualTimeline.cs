using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Silences;
using Pharos.Alerting.Tests;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Hosting;
using Pharos.Storage.State;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Plays a script on the pipeline with a clock that moves only from step to step; all times are exact.</summary>
internal sealed class VirtualTimeline : IAsyncDisposable
{
    /// <summary>A Monday.</summary>
    public static readonly DateTimeOffset Zero = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TimelineScript _script;
    private readonly FakeTimeProvider _time = new(Zero);
    private readonly InMemoryStateStore _state = new();
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _silenceIds = new(StringComparer.Ordinal);
    private readonly List<(double At, string Receiver, Notification Sent)> _told = [];
    private string _yaml;
    private Meter? _meter;
    private AlertingPipeline? _pipeline;

    private VirtualTimeline(TimelineScript script)
    {
        // Everything runs on the test's own thread: there is no context to hop to.
        SynchronizationContext.SetSynchronizationContext(null);
        _script = script;
        _yaml = script.Yaml();
    }

    /// <returns>What was told, one line each, and what should have been told, in the same form.</returns>
    public static async Task<(string[] Told, string[] Expected)> PlayAsync(TimelineScript script)
    {
        await using var timeline = new VirtualTimeline(script);
        timeline.Start();
        foreach (var step in script.Actions)
        {
            timeline._time.AdvanceTo(ScriptedAlert.At(Zero, step.At));
            await timeline.DoAsync(step);
        }
        timeline._time.AdvanceTo(ScriptedAlert.At(Zero, script.End));
        await timeline.StopAsync();
        return timeline.Compare();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _state.Dispose();
    }

    private async Task DoAsync(TimelineStep step)
    {
        var words = step.Rest.Split(' ', 3);
        switch (step.Verb)
        {
            case "alert" or "resolved":
                var posting = _pipeline!.PostAsync([ScriptedAlert.Of(step).Postable(Zero)]);
                Assert.True(posting.IsCompletedSuccessfully, "a post waited for something");
                break;
            case "silence":
                SetSilence(words[0], words[1], words[2], step.At);
                break;
            case "expire":
                Assert.Equal(SilenceOutcome.Accepted, _pipeline!.Silences.Expire(_silenceIds[words[0]]).Outcome);
                break;
            case "answer":
                _answers[words[0].Contains('/', StringComparison.Ordinal) ? words[0] : words[0] + "/0"] = words[1];
                break;
            case "reload":
                _yaml = step.Rest.Split(" => ") is [var old, var now] ? _yaml.Replace(old, now, StringComparison.Ordinal) : _yaml;
                _pipeline!.Apply(Options());
                break;
            case "restart":
                await StopAsync();
                Start();
                break;
            case "stop":
                await StopAsync();
                break;
            case "start":
                Start();
                break;
            default:
                throw new FormatException($"unknown step {step.Verb}");
        }
    }

    private void Start()
    {
        _meter = new Meter("timeline");
        _pipeline = new AlertingPipeline(_state, _time, NullLogger.Instance, _meter, Limits());
        _pipeline.Apply(Options());
    }

    private async Task StopAsync()
    {
        if (_pipeline is not null)
        {
            await _pipeline.DisposeAsync();
            _meter!.Dispose();
            _pipeline = null;
        }
    }

    private AlertingLimits Limits()
    {
        var limits = _script.Limits.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return new AlertingLimits
        {
            DispatchStartDelay = TimeSpan.FromSeconds(limits.GetValueOrDefault("start-delay")),
            MaxAlertsPerName = (int)limits.GetValueOrDefault("per-alertname-limit"),
        };
    }

    /// <summary>What the real reader and the real factory make of the file, with the receivers' places taken.</summary>
    private AlertmanagerOptions Options()
    {
        var read = AlertmanagerFile.ReadText("timeline.yml", _yaml);
        Assert.True(read.Config is not null, $"{_yaml}\n{string.Join('\n', read.Report.Problems)}");
        var options = new ReceiverFactory(_time, NullLogger.Instance).Create(read.Config);
        return options with { Receivers = [.. options.Receivers.Select(Replace)] };
    }

    private ReceiverOptions Replace(ReceiverOptions receiver) => receiver with
    {
        Integrations = [.. receiver.Integrations.Select((notifier, index) =>
            new ScriptedNotifier($"{receiver.Name}/{index}", notifier, Answer))],
    };

    private NotifyResult Answer(string name, Notification notification)
    {
        switch (_answers.GetValueOrDefault(name, "ok"))
        {
            case "fail":
                return new NotifyResult(NotifyOutcome.Retry, "503");
            case "refuse":
                return new NotifyResult(NotifyOutcome.Failed, "400");
            default:
                _told.Add(((_time.GetUtcNow() - Zero).TotalSeconds, name, notification));
                return NotifyResult.Sent;
        }
    }

    private void SetSilence(string name, string times, string matchers, double at)
    {
        var parsed = MatcherParser.ParseAll(matchers);
        Assert.Null(parsed.Error);
        var (start, end) = times.Split('-') is [var from, var until] ? (Seconds(from), Seconds(until)) : (at, Seconds(times));
        var known = _pipeline!.Silences.Find(_silenceIds.GetValueOrDefault(name, ""));
        var result = _pipeline.Silences.Set(new Silence
        {
            Id = known?.Id ?? "",
            Matchers = parsed.Matchers,
            StartsAt = known?.StartsAt ?? ScriptedAlert.At(Zero, start),
            EndsAt = ScriptedAlert.At(Zero, end),
        });
        Assert.Equal((SilenceOutcome.Accepted, ""), (result.Outcome, result.Error));
        _silenceIds[name] = result.Id;
    }

    private (string[] Told, string[] Expected) Compare()
    {
        var expected = _script.Expected("+>");
        var open = expected.ToList();
        var told = _told.Select(line =>
        {
            var alerts = line.Sent.Alerts.Select(alert => Text(alert, line.Sent.Now)).ToArray();
            // Times are compared where the step writes them.
            var at = open.FindIndex(other => other.At == line.At && other.Receiver == line.Receiver && Means(other.Alerts.Split(", "), alerts));
            var text = at < 0 ? string.Join(", ", alerts) : open[at].Alerts;
            open.RemoveRange(Math.Max(at, 0), at < 0 ? 0 : 1);
            return (line.At, line.Receiver, text);
        });
        return (Lines(told), Lines(expected));
    }

    private static bool Means(string[] expected, string[] told) => expected.Length == told.Length
        && expected.Zip(told).All(pair => pair.First == pair.Second || pair.First == pair.Second[..pair.Second.IndexOf(" [", StringComparison.Ordinal)]);

    /// <summary>Sorted: of what is told in the same moment the order is nobody's promise.</summary>
    private static string[] Lines(IEnumerable<(double At, string Receiver, string Alerts)> told) => [.. told
        .OrderBy(line => line.At).ThenBy(line => line.Receiver, StringComparer.Ordinal).ThenBy(line => line.Alerts, StringComparer.Ordinal)
        .Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.At} {line.Receiver}: {line.Alerts}"))];

    private static string Text(Alert alert, DateTimeOffset now)
    {
        var isResolved = alert.IsResolvedAt(now);
        var text = ScriptedAlert.Text(alert.Labels.Select(label => KeyValuePair.Create(label.Name, label.Value)), isResolved);
        var end = isResolved ? (alert.EndsAt - Zero).TotalSeconds.ToString(CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture, $"{text} [{(alert.StartsAt - Zero).TotalSeconds}-{end}]");
    }

    private static double Seconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
