using System.Diagnostics.Metrics;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.History;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers;
using Pharos.Alerting.Receivers.Pushover;
using Pharos.Alerting.Templates;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;
using Pharos.Storage.State;

namespace Pharos.Server.Tests.Alerting;

/// <summary>Every kind of integration over HTTP, from its configuration to a server that misbehaves: at least once, in
/// order, and no secret in a log line or in the history.</summary>
public sealed class EveryReceiverTests
{
    private static IReadOnlyDictionary<string, string> Entries => ReceiverEntries.All;

    private static IEnumerable<string> Kinds => IntegrationKinds.All.Where(static kind => kind.IsHttp).Select(static kind => kind.Name);

    [Fact]
    public void Every_kind_has_an_entry_here() => Assert.Empty(Kinds.Except(Entries.Keys));

    [Fact]
    public async Task Every_receiver_gets_firing_and_then_resolved_in_the_end_and_no_secret_is_told()
    {
        await using var services = new ScriptedReceivers(
            "500 Internal Server Error", "cut", "garbage", "429 Too Many Requests|Retry-After: 1", "503 Unavailable", "ok");
        var logger = new RecordingLogger();
        await using var alerting = Start(services, logger);
        alerting.Pipeline.Post([Alert(isResolved: false)]);
        await Until(() => alerting.Sent().Count == Kinds.Count(), alerting);
        // Retry-After is honoured: from the 429, the fourth answer, to the next request at least a second passes. The HTTP client
        // itself repeats a request without a body, WeChat's for a token, whose connection is cut.
        Assert.All(alerting.Sent(), static record =>
            Assert.True(record.Attempts >= (record.Integration == "wechat" ? 5 : 6) && record.DurationSeconds > 1, $"{record.Integration} {record.Attempts}"));

        alerting.Pipeline.Post([Alert(isResolved: true)]);
        await Until(() => alerting.Sent().Count == 2 * Kinds.Count(), alerting);
        Assert.All(Kinds, kind => Assert.Equal(2, alerting.Sent().Count(record => record.Integration == kind)));
        foreach (var kind in Kinds)
        {
            var texts = services.Taken.Where(taken => taken.Service == kind).Select(static taken => taken.Request).ToList();
            Assert.True(texts.Count >= 2, kind);
            if (kind is not "jira")
            {
                Assert.Contains(texts, static text => text.Contains("HighLoad", StringComparison.Ordinal));
            }
        }
        AssertNothingTold(alerting, logger);
    }

    [Theory]
    [InlineData("400 Bad Request", 1, "clientError")]
    [InlineData("401 Unauthorized", 1, "authError")]
    [InlineData("404 Not Found", 1, "clientError")]
    public async Task Other_4xx_are_final_and_the_reason_is_counted(string answer, int attempts, string reason)
    {
        await using var services = new ScriptedReceivers(answer);
        var logger = new RecordingLogger();
        await using var alerting = Start(services, logger);
        alerting.Pipeline.Post([Alert(isResolved: false)]);
        await Until(() => alerting.Pipeline.History.Latest(100).Count >= Kinds.Count(), alerting);
        foreach (var record in alerting.Pipeline.History.Latest(100))
        {
            Assert.Equal(("failed", attempts, record.Integration), (record.Outcome, record.Attempts, record.Integration));
            Assert.Contains("unexpected status code " + answer[..3], record.Error, StringComparison.Ordinal);
        }
        // The group's next flush may have failed, too, meanwhile.
        Assert.All(Kinds, kind => Assert.InRange(alerting.Failures($"{kind} {reason}"), 1, long.MaxValue));
        AssertNothingTold(alerting, logger);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_at_the_deadline_and_delays_no_other()
    {
        await using var services = new ScriptedReceivers("hang");
        var logger = new RecordingLogger();
        await using var alerting = Start(services, logger);
        alerting.Pipeline.Post([Alert(isResolved: false)]);
        await Until(() => alerting.Pipeline.History.Latest(100).Count >= Kinds.Count(), alerting);
        Assert.All(alerting.Pipeline.History.Latest(100), static record => Assert.Equal("failed", record.Outcome));
        Assert.All(Kinds, kind => Assert.InRange(alerting.Failures($"{kind} contextDeadlineExceeded"), 1, long.MaxValue));
        AssertNothingTold(alerting, logger);
    }

    [Fact]
    public async Task A_broken_template_sends_plain_text_and_is_counted()
    {
        await using var services = new ScriptedReceivers("ok");
        var logger = new RecordingLogger();
        await using var alerting = Start(services, logger, NotificationTemplates.BuiltIn.With("broken.tmpl",
            "{{ define \"__subject\" }}{{ .Nope }}{{ end }}{{ define \"__alertmanagerURL\" }}{{ .Nope }}{{ end }}"));
        alerting.Pipeline.Post([Alert(isResolved: false)]);
        await Until(() => alerting.Sent().Count == Kinds.Count(), alerting);
        // The standard webhook messages have no template in them.
        foreach (var kind in Kinds.Except(["webhook", "incidentio", "webex", "telegram"]))
        {
            Assert.Contains(services.Taken, taken => taken.Service == kind && taken.Request.Contains("HighLoad", StringComparison.Ordinal));
            Assert.Equal(1, alerting.Failures($"{kind} template"));
            Assert.Contains(logger.Lines, line => line.Contains(kind, StringComparison.Ordinal) && line.Contains("Nope", StringComparison.Ordinal));
        }
    }

    private static void AssertNothingTold(RunningAlerting alerting, RecordingLogger logger)
    {
        Assert.All(logger.Lines, static line => Assert.DoesNotContain(ReceiverEntries.SecretPart, line, StringComparison.Ordinal));
        Assert.All(alerting.Pipeline.History.Latest(1000), static record =>
            Assert.DoesNotContain(ReceiverEntries.SecretPart, record + string.Join('\n', record.Tries), StringComparison.Ordinal));
    }

    private static Alert Alert(bool isResolved) => new()
    {
        Labels = LabelSet.From(("alertname", "HighLoad"), ("severity", "critical")),
        Annotations = LabelSet.From(("summary", "HighLoad it is")),
        StartsAt = DateTimeOffset.UtcNow.AddMinutes(-5),
        EndsAt = isResolved ? DateTimeOffset.UtcNow.AddSeconds(-1) : DateTimeOffset.UtcNow.AddHours(1),
        UpdatedAt = DateTimeOffset.UtcNow,
        GeneratorUrl = "http://prom/graph",
    };

    private static async Task Until(Func<bool> condition, RunningAlerting alerting)
    {
        for (var i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.True(condition(), string.Join('\n', alerting.Pipeline.History.Latest(100)));
    }

    private static RunningAlerting Start(ScriptedReceivers services, RecordingLogger logger, NotificationTemplates? templates = null)
    {
        // The shortest flush that there is lasts ten seconds.
        var yaml = "route: {receiver: r, group_wait: 0s, group_interval: 1s}\nreceivers:\n- name: r\n" + string.Concat(
            Kinds.Select(kind => $"  {kind}_configs: [{Entries[kind].Replace("URL", $"{services.Url}/{kind}", StringComparison.Ordinal)}]\n"));
        var read = AlertmanagerFile.ReadText("/etc/alertmanager.yml", yaml);
        Assert.True(read.Config is not null, string.Join('\n', read.Report.Problems));
        return new RunningAlerting(read.Config, services.Url, templates ?? NotificationTemplates.BuiltIn, logger);
    }

    private sealed class RunningAlerting : IAsyncDisposable
    {
        private readonly Meter _meter = new("every-receiver-" + Guid.NewGuid());
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _failures = new(StringComparer.Ordinal);

        public RunningAlerting(AlertmanagerConfig config, string services, NotificationTemplates templates, RecordingLogger logger)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == _meter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>(Count);
            _listener.Start();
            Pipeline = new AlertingPipeline(new InMemoryStateStore(), TimeProvider.System, logger, _meter);
            Pipeline.Apply(new AlertmanagerOptions
            {
                Route = config.Route,
                ExternalUrl = "http://am.example",
                Receivers = [.. config.Receivers.Select(receiver => new Pharos.Alerting.Routing.ReceiverOptions
                {
                    Name = receiver.Name,
                    Integrations = [.. receiver.Integrations.Select(entry =>
                    {
                        var setup = new ReceiverSetup(OutboundHttpClient.Create(entry.Http, TimeProvider.System), templates, TimeProvider.System, logger);
                        // The only service whose address no file can change.
                        return entry.Options is PushoverOptions pushover
                            ? new PushoverNotifier(pushover with { ApiUrl = services + "/pushover" }, setup) : entry.Create(setup);
                    })],
                })],
            });
        }

        public AlertingPipeline Pipeline { get; }

        public IReadOnlyList<NotificationRecord> Sent() => [.. Pipeline.History.Latest(1000).Where(static record => record.Outcome == "sent")];

        /// <summary>By integration and reason, or <c>template</c>.</summary>
        public long Failures(string which)
        {
            lock (_failures)
            {
                return _failures.GetValueOrDefault(which);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Pipeline.DisposeAsync();
            _listener.Dispose();
            _meter.Dispose();
        }

        private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            if (instrument.Name is not ("alertmanager_notifications_failed_total" or "pharos_notification_template_failures_total"))
            {
                return;
            }
            var values = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value?.ToString());
            var which = $"{values["integration"]} {(values.TryGetValue("reason", out var reason) ? reason : "template")}";
            lock (_failures)
            {
                _failures[which] = _failures.GetValueOrDefault(which) + value;
            }
        }
    }
}
