using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Silences;
using Pharos.Alerting.Tests.Notifications;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Tests.Silences;

public sealed class SilenceStoreTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Timeline.Zero);
    private readonly InMemoryStateStore _state = new();
    private readonly SilenceStore _store;

    public SilenceStoreTests() => _store = Open();

    [Fact]
    public void Active_ones_are_updated_in_place_only_where_the_past_stays()
    {
        var id = _store.Set(Some(0, 100)).Id;
        Assert.Equal(id, _store.Set(Some(0, 200) with { Id = id, Comment = "new" }).Id);
        Assert.Equal("new", _store.Find(id)!.Comment);
        _time.Advance(TimeSpan.FromSeconds(10));
        var moved = _store.Set(Some(10, 200) with { Id = id }).Id;
        Assert.NotEqual(id, moved);
        Assert.Equal((SilenceState.Expired, SilenceState.Active), (StateOf(id), StateOf(moved)));
        var other = _store.Set(Some(10, 200, "B") with { Id = moved }).Id;
        Assert.Equal((SilenceState.Expired, SilenceState.Active), (StateOf(moved), StateOf(other)));
        Assert.Equal([SilenceState.Active, SilenceState.Expired, SilenceState.Expired],
            _store.All().Select(silence => silence.StateAt(_time.GetUtcNow())));
    }

    [Fact]
    public void A_pending_one_may_move_and_an_expired_one_becomes_a_new_one()
    {
        var id = _store.Set(Some(50, 100)).Id;
        Assert.Equal(SilenceState.Pending, StateOf(id));
        Assert.Equal(id, _store.Set(Some(20, 100) with { Id = id }).Id);
        _store.Expire(id);
        Assert.Equal(SilenceState.Expired, StateOf(id));
        Assert.Equal(SilenceOutcome.Accepted, _store.Expire(id).Outcome);
        Assert.NotEqual(id, _store.Set(Some(20, 100) with { Id = id }).Id);
    }

    [Fact]
    public void Wrong_ones_are_refused()
    {
        Assert.Equal(SilenceOutcome.NotFound, _store.Set(Some(0, 10) with { Id = "none" }).Outcome);
        Assert.Equal(SilenceOutcome.NotFound, _store.Expire("none").Outcome);
        Assert.Contains("start time must be before end time", _store.Set(Some(10, 10)).Error, StringComparison.Ordinal);
        Assert.Contains("end time can't be in the past", _store.Set(Some(-20, -10)).Error, StringComparison.Ordinal);
        Assert.Contains("at least one matcher required", _store.Set(Some(0, 10) with { Matchers = [] }).Error, StringComparison.Ordinal);
        Assert.Contains("must not match the empty string",
            _store.Set(Some(0, 10) with { Matchers = [new LabelMatcher(MatchType.Regex, "a", ".*")] }).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_change_survives_a_restart_at_once()
    {
        var kept = _store.Set(Some(0, 100) with { CreatedBy = "me", Comment = "why" }).Id;
        var ended = _store.Set(Some(0, 100, "B")).Id;
        _store.Expire(ended);
        var reopened = Open();
        Assert.Equal(("me", "why", "alertname=\"A\""), (reopened.Find(kept)!.CreatedBy, reopened.Find(kept)!.Comment,
            reopened.Find(kept)!.Matchers[0].ToString()));
        Assert.Equal([kept], reopened.SilencedBy(LabelSet.From(("alertname", "A"))));
        Assert.Empty(reopened.SilencedBy(LabelSet.From(("alertname", "B"))));
    }

    [Fact]
    public void Expired_ones_are_forgotten_after_their_retention()
    {
        var id = _store.Set(Some(0, 100)).Id;
        _time.Advance(SilenceStore.Retention);
        _store.Collect();
        Assert.NotNull(_store.Find(id));
        _time.Advance(TimeSpan.FromSeconds(100));
        _store.Collect();
        Assert.Null(_store.Find(id));
    }

    public void Dispose() => _state.Dispose();

    private SilenceStore Open() => new(_state, _time, NullLogger.Instance);

    private SilenceState StateOf(string id) => _store.Find(id)!.StateAt(_time.GetUtcNow());

    private static Silence Some(double start, double end, string name = "A") => new()
    {
        Matchers = [new LabelMatcher(MatchType.Equal, "alertname", name)],
        StartsAt = Timeline.At(start),
        EndsAt = Timeline.At(end),
    };
}
