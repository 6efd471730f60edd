using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;
using Pharos.Storage.State;

namespace Pharos.Alerting.Tests.Notifications;

/// <summary>A pipeline on a simulated clock whose zero is the test's start; all times are seconds since then.</summary>
internal sealed class Timeline : IAsyncDisposable
{
    public static readonly DateTimeOffset Zero = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly Meter _meter = new("test");

    public Timeline(AlertmanagerOptions options, IStateStore? state = null, double start = 0, AlertingLimits? limits = null)
    {
        // Everything runs on the test's own thread: there is no context to hop to.
        SynchronizationContext.SetSynchronizationContext(null);
        Options = options;
        State = state ?? new InMemoryStateStore();
        Time = new FakeTimeProvider(Zero.AddSeconds(start));
        Pipeline = new AlertingPipeline(State, Time, NullLogger.Instance, _meter, limits);
        Pipeline.Apply(options);
    }

    public AlertmanagerOptions Options { get; }

    public IStateStore State { get; }

    public FakeTimeProvider Time { get; }

    public AlertingPipeline Pipeline { get; }

    public static AlertmanagerOptions Configure(INotifier notifier, double wait = 1, double interval = 1, double repeat = 0.001,
        params string[] groupBy) => new()
        {
            Route = new RouteOptions
            {
                Receiver = "default",
                GroupBy = groupBy,
                GroupWait = TimeSpan.FromSeconds(wait),
                GroupInterval = TimeSpan.FromSeconds(interval),
                RepeatInterval = TimeSpan.FromSeconds(repeat),
            },
            Receivers = [new ReceiverOptions { Name = "default", Integrations = [notifier] }],
        };

    public static IReadOnlyList<Label> Labels(string text) => [.. text.Split(' ')
        .Select(pair => pair.Split('=')).Select(pair => new Label(pair.Length > 1 ? pair[0] : "alertname", pair[^1]))];

    public static DateTimeOffset At(double seconds) => Zero.AddSeconds(seconds);

    public void Until(double seconds) => Time.AdvanceTo(At(seconds));

    /// <summary>Moves to the time and posts: <c>A zone=x</c> stands for <c>alertname=A, zone=x</c>.</summary>
    public void Fire(double at, string labels, double? start = null, double? end = null, string note = "")
    {
        Until(at);
        var posting = Pipeline.PostAsync([new PostableAlert
        {
            Labels = Labels(labels),
            Annotations = note.Length > 0 ? [new Label("note", note)] : [],
            StartsAt = start is { } from ? At(from) : null,
            EndsAt = end is { } to ? At(to) : null,
        }]);
        Assert.True(posting.IsCompletedSuccessfully);
    }

    public string Silence(double at, double end, params LabelMatcher[] matchers)
    {
        Until(at);
        var result = Pipeline.Silences.Set(new Silence { Matchers = matchers, StartsAt = At(at), EndsAt = At(end) });
        Assert.Equal(SilenceOutcome.Accepted, result.Outcome);
        return result.Id;
    }

    /// <summary>What was sent, one line each: <c>2: A[1-] B[1-4]</c>, with start and (where resolved) end.</summary>
    public static string[] Lines(RecordingNotifier notifier) => [.. notifier.Received.Select(sent =>
        $"{Seconds(sent.Now)}: {string.Join(' ', sent.Alerts.Select(alert => Line(alert, sent.Now)))}")];

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        _meter.Dispose();
    }

    private static string Line(Alert alert, DateTimeOffset now) =>
        $"{alert.Name}[{Seconds(alert.StartsAt)}-{(alert.IsResolvedAt(now) ? Seconds(alert.EndsAt) : "")}]";

    private static string Seconds(DateTimeOffset time) => $"{(time - Zero).TotalSeconds:0.###}";
}
