using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Tests.Notifications;

/// <summary>What a service asks for with <c>Retry-After</c> holds for all that is sent to it.</summary>
public sealed class RateLimitTests
{
    private readonly RecordingNotifier _webhook = new();
    private readonly List<string> _attempts = [];

    [Fact]
    public async Task A_pause_that_one_group_was_told_holds_for_the_others()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 300, repeat: 1000, groupBy: "alertname"));
        AnswerOnce(line, TimeSpan.FromSeconds(20));
        line.Fire(1, "A", start: 1);
        line.Fire(4, "B", start: 4);
        line.Until(100);
        Assert.Equal(["2 A", "22 A", "22 B"], _attempts.Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task A_pause_longer_than_a_flush_is_waited_for_over_flushes_and_nothing_is_lost()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 10, repeat: 1000));
        AnswerOnce(line, TimeSpan.FromSeconds(30));
        line.Fire(1, "A", start: 1);
        line.Until(60);
        Assert.Equal(["2 A", "32 A"], _attempts);
        Assert.Single(_webhook.Received);
        Assert.Contains(line.Pipeline.History.Latest(10), static record => record is { Outcome: "failed", Attempts: 0 });
    }

    [Fact]
    public async Task A_pause_of_years_is_taken_for_an_hour()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 600, repeat: 100_000));
        AnswerOnce(line, TimeSpan.FromDays(1000));
        line.Fire(1, "A", start: 1, end: 10_000);
        line.Until(5000);
        Assert.Equal(2, _attempts.Count);
        Assert.Equal("3602 A", _attempts[1]);
    }

    private void AnswerOnce(Timeline line, TimeSpan pause) => _webhook.Answer = notification =>
    {
        _attempts.Add($"{(line.Time.GetUtcNow() - Timeline.Zero).TotalSeconds:0.###} {notification.Alerts[0].Name}");
        return _attempts.Count == 1 ? NotifyResult.Again(NotifyFailure.RateLimited, "429", pause) : NotifyResult.Sent;
    };
}
