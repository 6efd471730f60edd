using System.Text;
using Pharos.Alerting.History;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Tests.Notifications;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Tests.History;

public sealed class NotificationHistoryTests
{
    private readonly RecordingNotifier _webhook = new();

    private AlertmanagerOptions Options => Timeline.Configure(_webhook, interval: 60, repeat: 36_000);

    [Fact]
    public async Task Every_attempt_is_kept_with_its_answer_across_a_restart()
    {
        var state = new InMemoryStateStore();
        _webhook.Answer = _ => _webhook.Attempts < 3
            ? NotifyResult.Again(NotifyFailure.ServerError, "unexpected status code 503", TimeSpan.FromSeconds(2)) with
            {
                Exchange = new NotifyExchange("{}", false, 503, "later"),
            }
            : NotifyResult.Sent with { Exchange = new NotifyExchange("{\"a\":1}", false, 200, "ok") };
        await using (var before = new Timeline(Options, state))
        {
            before.Fire(1, "A zone=x", start: 1);
            before.Until(30);
        }
        await using var after = new Timeline(Options, state, start: 40);
        var record = Assert.Single(after.Pipeline.History.Latest(10));
        Assert.Equal(("sent", 3, "first notification"), (record.Outcome, record.Attempts, record.Reason));
        Assert.Equal("{\"a\":1}", record.Payload);
        Assert.Equal(
            ["2 retry 503 later 2", "4 retry 503 later 2", "6 sent 200 ok "],
            record.Tries.Select(one => $"{(one.At - Timeline.Zero).TotalSeconds} {one.Outcome} {one.Status} {one.Answer} {one.RetryAfterSeconds}"));
        var alert = Assert.Single(record.Alerts);
        Assert.Equal(("firing", "x"), (alert.Status, alert.Labels["zone"]));
        Assert.Single(Of(after, "x"));
        Assert.Empty(Of(after, "y"));
        Assert.Empty(after.Pipeline.History.Read(new HistoryQuery { Limit = 10, Receiver = "other" }).Items);
    }

    [Fact]
    public async Task More_attempts_than_are_kept_leave_the_first_and_the_last()
    {
        _webhook.Answer = _ => NotifyResult.Again(NotifyFailure.ServerError, $"no {_webhook.Attempts}");
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 36_000, repeat: 36_000));
        line.Fire(1, "A", start: 1, end: 100_000);
        line.Until(36_002);
        var record = Assert.Single(line.Pipeline.History.Latest(10));
        Assert.True(record.Attempts > NotificationRecord.MaxAttempts);
        Assert.Equal(NotificationRecord.MaxAttempts, record.Tries.Count);
        Assert.Equal("no 1", record.Tries[0].Error);
        Assert.Equal($"no {record.Attempts}", record.Tries[^1].Error);
    }

    [Fact]
    public async Task A_record_of_before_payloads_were_kept_is_read()
    {
        var state = new InMemoryStateStore();
        var old = $$"""{"At":"{{Timeline.Zero:O}}","Receiver":"r","Integration":"webhook","GroupKey":"g","Reason":"first","Outcome":"sent","Attempts":1}""";
        state.Put("notification-history", new string('0', 19), Encoding.UTF8.GetBytes(old), Timeline.At(1_000));
        await using var line = new Timeline(Options, state);
        var record = Assert.Single(line.Pipeline.History.Latest(10));
        Assert.Equal(("r", "", 0, 0, 0), (record.Receiver, record.Payload, record.Alerts.Count, record.Tries.Count, record.GroupLabels.Count));
    }

    private static IReadOnlyList<NotificationRecord> Of(Timeline line, string zone) => line.Pipeline.History.Read(
        new HistoryQuery { Limit = 10, Matchers = [new LabelMatcher(MatchType.Equal, "zone", zone)] }).Items;
}
