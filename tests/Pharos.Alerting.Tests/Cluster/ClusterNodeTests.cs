using System.Diagnostics.Metrics;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Cluster;
using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Tests.Cluster;

/// <summary>Three nodes on a common clock that are paused, cut off, ended and started again in every order.</summary>
public sealed class ClusterNodeTests
{
    private const int NodeCount = 3;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private enum Blow
    {
        None,
        Pause,
        GoOn,
        CutOff,
        Connect,
        End,
        Start,
    }

    private static readonly Gen<(Blow Blow, int Node, int Steps)[]> Stories = Gen.Select(
        Gen.Enum<Blow>(), Gen.Int[0, NodeCount - 1], Gen.Int[0, 90]).Array[1, 25];

    [Fact]
    public void Never_do_two_hold_the_lease_and_soon_one_does_where_one_can() => Stories.Sample(
        story =>
        {
            var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
            var memory = new SharedMemory(time);
            using var meter = new Meter("test");
            var nodes = Enumerable.Range(0, NodeCount).Select(i => new Member(memory, $"node{i}", time, meter)).ToArray();
            foreach (var (blow, node, steps) in story)
            {
                nodes[node].Suffer(blow);
                for (var step = 0; step < steps; step++)
                {
                    time.Advance(Step);
                    Assert.InRange(nodes.Count(member => member.HoldsLease), 0, 1);
                }
            }
            foreach (var member in nodes)
            {
                member.Suffer(Blow.GoOn);
                member.Suffer(Blow.Connect);
            }
            nodes[0].Suffer(Blow.Start);
            for (var step = 0; step < 100; step++)
            {
                time.Advance(Step);
                Assert.InRange(nodes.Count(member => member.HoldsLease), 0, 1);
            }
            Assert.Equal(1, nodes.Count(member => member.IsLeading));
            // Whoever leads was made ready first, and nobody else believes that he leads.
            Assert.All(nodes, member => Assert.Equal(member.IsLeading, member.Duty.Leads));
        },
        iter: 300);

    [Fact]
    public void A_leader_that_ends_without_a_word_is_followed_within_ten_seconds_and_one_that_says_so_within_one()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        var memory = new SharedMemory(time);
        using var meter = new Meter("test");
        Member[] nodes = [new(memory, "first", time, meter), new(memory, "second", time, meter)];
        Assert.True(nodes[0].IsLeading);
        time.Advance(TimeSpan.FromSeconds(30));
        nodes[0].Suffer(Blow.Pause);
        time.Advance(TimeSpan.FromSeconds(5.5));
        Assert.False(nodes[1].IsLeading);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(nodes[1].IsLeading);
        Assert.InRange(nodes[1].Duty.QuietSince!.Value, time.GetUtcNow() - TimeSpan.FromSeconds(9.5), time.GetUtcNow() - TimeSpan.FromSeconds(7));
        nodes[0].Suffer(Blow.GoOn);
        Assert.False(nodes[0].IsLeading);
        nodes[1].Suffer(Blow.End);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(nodes[0].IsLeading);
        Assert.Equal(2, nodes[0].Duty.Times);
    }

    [Fact]
    public void A_leader_that_cannot_reach_the_state_stops_before_its_lease_is_over_and_comes_first_when_it_can()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        var memory = new SharedMemory(time);
        using var meter = new Meter("test");
        Member[] nodes = [new(memory, "first", time, meter), new(memory, "second", time, meter)];
        var term = nodes[0].Term;
        Array.ForEach(nodes, static node => node.Suffer(Blow.CutOff));
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(term.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(term.IsCancellationRequested);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(nodes, static node => node.IsLeading);
        Array.ForEach(nodes, static node => node.Suffer(Blow.Connect));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(nodes[0].IsLeading);
        Assert.True(nodes[0].Duty.IsOwnMemory);
    }

    private sealed class Member : IDisposable
    {
        private readonly SharedMemory _memory;
        private readonly string _name;
        private readonly TimeProvider _time;
        private readonly Meter _meter;
        private PausableClock _clock = null!;
        private SharedMemory.Node _store = null!;
        private ClusterNode? _node;
        private int _starts;

        public Member(SharedMemory memory, string name, TimeProvider time, Meter meter)
        {
            (_memory, _name, _time, _meter) = (memory, name, time, meter);
            Suffer(Blow.Start);
        }

        public RecordingDuty Duty { get; private set; } = new();

        public bool HoldsLease => _node?.HoldsLease == true;

        public bool IsLeading => _node?.IsLeading == true;

        public CancellationToken Term => _node!.Term;

        public void Dispose() => Suffer(Blow.End);

        public void Suffer(Blow blow)
        {
            switch (blow)
            {
                case Blow.Pause:
                    _clock.Pause();
                    break;
                case Blow.GoOn:
                    _clock.GoOn();
                    break;
                case Blow.CutOff or Blow.Connect:
                    _store.IsCutOff = blow is Blow.CutOff;
                    break;
                case Blow.End when _node is not null:
                    _node.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    _node = null;
                    break;
                case Blow.Start when _node is null:
                    // Another process: it has another name and remembers nothing.
                    (_clock, _store, Duty) = (new PausableClock(_time), _memory.Join($"{_name}-{_starts++}"), new RecordingDuty());
                    _node = new ClusterNode(_store, "", _clock, NullLogger.Instance, _meter);
                    _node.Start(Duty);
                    break;
            }
        }
    }

    private sealed class RecordingDuty : IClusterDuty
    {
        public bool Leads { get; private set; }

        public int Times { get; private set; }

        public DateTimeOffset? QuietSince { get; private set; }

        public bool IsOwnMemory { get; private set; }

        public void Receive(IReadOnlyList<SharedChange> changes)
        {
            // Nothing is kept.
        }

        public void Prepare(DateTimeOffset quietSince, bool isOwnMemory) => (QuietSince, IsOwnMemory) = (quietSince, isOwnMemory);

        public void Lead() => (Leads, Times) = (true, Times + 1);

        public void Follow() => Leads = false;
    }
}
