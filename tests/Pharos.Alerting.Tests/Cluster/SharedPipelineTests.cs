using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.History;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Silences;
using Pharos.Alerting.Tests.Notifications;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Tests.Cluster;

/// <summary>Two pipelines on one state and one simulated clock; all times are seconds since the start. Who takes over does so eight seconds
/// after the other was last heard of.</summary>
public sealed class SharedPipelineTests
{
    [Fact]
    public async Task Only_the_leader_sends_what_either_of_them_was_told()
    {
        await using var pair = new Pair(wait: 2, interval: 10);
        await pair.FireAsync(1, pair.First, "Both");
        await pair.FireAsync(1, pair.Second, "Both");
        await pair.FireAsync(1, pair.Second, "Other");
        await pair.UntilAsync(9);
        // The other's alert reaches the leader at its next meeting.
        Assert.Equal(["3: Both", "4: Other"], pair.Lines(pair.First));
        Assert.Empty(pair.Second.Sink.Received);
        await pair.FireAsync(9, pair.Second, "Both", end: 9);
        await pair.UntilAsync(30);
        Assert.Equal(["3: Both", "4: Other", "13: Both resolved"], pair.Lines(pair.First));
        Assert.Equal(["Other"], pair.First.Pipeline.Groups().Concat(pair.Second.Pipeline.Groups()).SelectMany(group => group.Alerts)
            .Select(alert => alert.Alert.Name).Distinct());
        // Everybody knows that it is over: no group of the follower holds it, and empty ones go.
        await pair.UntilAsync(60);
        Assert.Equal(1, pair.Second.Pipeline.GroupCount);
    }

    [Fact]
    public async Task The_successor_sends_at_once_what_was_due_meanwhile_and_goes_on_with_the_grid_of_the_others()
    {
        await using var pair = new Pair(wait: 2, interval: 60);
        await pair.FireAsync(0, pair.First, "Told");
        await pair.FireAsync(19.1, pair.First, "Due");
        await pair.UntilAsync(20.5);
        pair.First.Clock.Pause();
        await pair.UntilAsync(40);
        Assert.Equal(["2: Told"], pair.Lines(pair.First));
        Assert.Equal(["28: Due"], pair.Lines(pair.Second));
        await pair.FireAsync(50, pair.Second, "Told", end: 50);
        await pair.UntilAsync(61.9);
        Assert.Single(pair.Second.Sink.Received);
        await pair.UntilAsync(63);
        Assert.Equal(["28: Due", "62: Told resolved"], pair.Lines(pair.Second));
    }

    [Fact]
    public async Task A_leader_that_stood_still_sends_nothing_of_what_was_due_meanwhile()
    {
        await using var pair = new Pair(wait: 5, interval: 60);
        await pair.FireAsync(10, pair.First, "A");
        await pair.UntilAsync(12);
        pair.First.Clock.Pause();
        await pair.UntilAsync(40);
        Assert.Equal(["20: A"], pair.Lines(pair.Second));
        pair.First.Clock.GoOn();
        await pair.UntilAsync(200);
        Assert.Empty(pair.First.Sink.Received);
        Assert.Single(pair.Second.Sink.Received);
    }

    [Fact]
    public async Task What_was_about_to_be_sent_is_sent_by_the_successor_without_waiting_for_the_interval()
    {
        await using var pair = new Pair(wait: 2, interval: 60);
        await pair.FireAsync(0, pair.First, "A");
        await pair.UntilAsync(5);
        // The receiver is away when the group is due again, and the leader ends while it tries.
        pair.First.Sink.Answer = static _ => NotifyResult.Again(NotifyFailure.ServerError, "away");
        await pair.FireAsync(6, pair.First, "A", end: 6);
        await pair.UntilAsync(70);
        pair.First.Clock.Pause();
        await pair.UntilAsync(80);
        Assert.Equal(["2: A"], pair.Lines(pair.First));
        Assert.Equal(["78: A resolved"], pair.Lines(pair.Second));
    }

    [Fact]
    public async Task Who_may_have_been_told_that_an_alert_fires_hears_that_it_is_over()
    {
        await using var pair = new Pair(wait: 2, interval: 60);
        pair.First.Sink.Answer = _ =>
        {
            // It has the message, and the leader ends before that is written down.
            pair.First.Store.IsCutOff = true;
            pair.First.Clock.Pause();
            return NotifyResult.Sent;
        };
        await pair.FireAsync(0, pair.First, "A");
        await pair.FireAsync(5, pair.Second, "A", end: 5);
        await pair.UntilAsync(30);
        Assert.Equal(["2: A"], pair.Lines(pair.First));
        Assert.Equal(["10: A resolved"], pair.Lines(pair.Second));
    }

    [Fact]
    public async Task Without_the_state_nothing_is_sent_and_afterwards_all_of_it_by_the_one_who_knows_what_was()
    {
        await using var pair = new Pair(wait: 2, interval: 60);
        await pair.FireAsync(0, pair.First, "Before");
        await pair.UntilAsync(10);
        pair.First.Store.IsCutOff = pair.Second.Store.IsCutOff = true;
        await pair.FireAsync(11, pair.First, "Meanwhile");
        await pair.FireAsync(11, pair.Second, "AtTheOther");
        Assert.Equal(SilenceOutcome.StorageFailed, pair.First.Pipeline.Silences.Set(SilenceOf("Meanwhile")).Outcome);
        await pair.UntilAsync(100);
        Assert.Equal(["2: Before"], pair.Lines(pair.First));
        pair.First.Store.IsCutOff = pair.Second.Store.IsCutOff = false;
        await pair.UntilAsync(110);
        Assert.Equal(["2: Before", "101: Meanwhile", "104: AtTheOther"], pair.Lines(pair.First));
        Assert.Empty(pair.Second.Sink.Received);
    }

    [Fact]
    public async Task A_silence_made_on_one_holds_on_the_other_and_can_be_ended_there()
    {
        await using var pair = new Pair(wait: 2, interval: 10);
        var made = pair.Second.Pipeline.Silences.Set(SilenceOf("A"));
        Assert.NotNull(pair.First.Pipeline.Silences.Find(made.Id));
        await pair.FireAsync(1, pair.First, "A");
        await pair.UntilAsync(20);
        Assert.Empty(pair.First.Sink.Received);
        Assert.Equal(SilenceOutcome.Accepted, pair.First.Pipeline.Silences.Expire(made.Id).Outcome);
        await pair.UntilAsync(24);
        Assert.Equal(["23: A"], pair.Lines(pair.First));
        Assert.Equal(SilenceState.Expired, pair.Second.Pipeline.Silences.Find(made.Id)!.StateAt(pair.Time.GetUtcNow()));
    }

    [Fact]
    public async Task An_alert_that_is_renewed_at_the_follower_alone_goes_on_firing_at_the_leader()
    {
        await using var pair = new Pair(wait: 2, interval: 10);
        for (var at = 0; at <= 600; at += 60)
        {
            await pair.FireAsync(at, pair.Second, "A", end: at + 130);
        }
        Assert.Equal(["3: A"], pair.Lines(pair.First));
        await pair.UntilAsync(800);
        Assert.Equal(["3: A", "733: A resolved"], pair.Lines(pair.First));
    }

    [Fact]
    public async Task The_history_is_written_once_and_read_on_both()
    {
        await using var pair = new Pair(wait: 2, interval: 10);
        await pair.FireAsync(1, pair.First, "A");
        await pair.FireAsync(1, pair.Second, "A");
        await pair.UntilAsync(10);
        pair.First.Clock.Pause();
        await pair.UntilAsync(20);
        await pair.FireAsync(20, pair.Second, "A", end: 20);
        await pair.UntilAsync(40);
        var all = new HistoryQuery { Limit = 100 };
        Assert.Equal(["resolved", "firing"], pair.Second.Pipeline.Transitions.Read(all).Items.Select(transition => transition.State));
        Assert.Equal(2, pair.Second.Pipeline.History.Read(all).Items.Count);
        pair.First.Clock.GoOn();
        await pair.UntilAsync(42);
        Assert.Equal(2, pair.First.Pipeline.Transitions.Read(all).Items.Count);
        Assert.Equal(2, pair.First.Pipeline.History.Read(all).Items.Count);
    }

    private static Silence SilenceOf(string alert) => new()
    {
        Matchers = [new LabelMatcher(MatchType.Equal, "alertname", alert)],
        StartsAt = Timeline.At(0),
        EndsAt = Timeline.At(10_000),
    };

    private sealed class Member : IAsyncDisposable
    {
        private readonly Meter _meter = new("test");

        public Member(SharedMemory memory, string name, TimeProvider time, Func<RecordingNotifier, AlertmanagerOptions> configure)
        {
            Clock = new PausableClock(time);
            Store = memory.Join(name);
            Pipeline = new AlertingPipeline(Store, Clock, NullLogger.Instance, _meter, new AlertingLimits { Address = name });
            Pipeline.Apply(configure(Sink));
        }

        public PausableClock Clock { get; }

        public SharedMemory.Node Store { get; }

        public RecordingNotifier Sink { get; } = new();

        public AlertingPipeline Pipeline { get; }

        public async ValueTask DisposeAsync()
        {
            await Pipeline.DisposeAsync();
            _meter.Dispose();
        }
    }

    private sealed class Pair : IAsyncDisposable
    {
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

        public Pair(double wait, double interval)
        {
            SynchronizationContext.SetSynchronizationContext(null);
            Time = new FakeTimeProvider(Timeline.Zero);
            var memory = new SharedMemory(Time);
            AlertmanagerOptions Configure(RecordingNotifier sink) =>
                Timeline.Configure(sink, wait, interval, repeat: 100_000, groupBy: "alertname");
            First = new Member(memory, "first", Time, Configure);
            Second = new Member(memory, "second", Time, Configure);
        }

        public FakeTimeProvider Time { get; }

        public Member First { get; }

        public Member Second { get; }

        /// <summary>What a node has sent, one line each: seconds and names.</summary>
        public string[] Lines(Member member) => [.. member.Sink.Received.Select(sent =>
            $"{(sent.Now - Timeline.Zero).TotalSeconds:0.#}: {string.Join(' ', sent.Alerts.Select(alert => alert.Name))}{(sent.IsFiring ? "" : " resolved")}")];

        /// <summary>Moves on in small steps; where something is sent its end, which other threads bring about, is waited for.</summary>
        public async Task UntilAsync(double seconds)
        {
            while (Time.GetUtcNow() < Timeline.At(seconds))
            {
                Time.Advance(Timeline.At(seconds) - Time.GetUtcNow() is var left && left < Step ? left : Step);
                foreach (var member in new[] { First, Second })
                {
                    // One that waits on the simulated clock goes on with the next step.
                    await Task.WhenAny(member.Pipeline.Flushes, Task.Delay(2, TestContext.Current.CancellationToken));
                }
            }
        }

        public async Task FireAsync(double at, Member member, string name, double? end = null)
        {
            await UntilAsync(at);
            await member.Pipeline.PostAsync([new PostableAlert { Labels = Timeline.Labels(name), EndsAt = Timeline.At(end ?? 100_000) }]);
        }

        public async ValueTask DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
