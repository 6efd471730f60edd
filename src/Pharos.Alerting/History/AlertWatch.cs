using Pharos.Alerting.Alerts;
using Pharos.Alerting.Durability;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;

namespace Pharos.Alerting.History;

/// <summary>Looks at every alert soon after something changed that may suppress it, release it or end it, and has the history
/// write what it finds.</summary>
/// <remarks>Thread-safe. While nothing changes nothing is looked at; while much does, looking takes a small share of the time.</remarks>
internal sealed class AlertWatch : IAsyncDisposable
{
    private static readonly TimeSpan MinGap = TimeSpan.FromSeconds(1);

    /// <summary>After a look comes a rest of this many times its length.</summary>
    private const int RestFactor = 50;

    private readonly Lock _pipeline;
    private readonly AlertStore _alerts;
    private readonly SilenceStore _silences;
    private readonly Func<LabelSet, DateTimeOffset, IReadOnlyList<Alert>> _inhibitedBy;
    private readonly AlertHistory _history;
    private readonly StateJournal _journal;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset _wakesAt = DateTimeOffset.MaxValue;
    private TimeSpan _gap = MinGap;
    private bool _isDisposed;

    /// <param name="pipeline">The lock that guards <paramref name="alerts"/>, <paramref name="history"/> and the inhibition.</param>
    public AlertWatch(Lock pipeline, AlertStore alerts, SilenceStore silences,
        Func<LabelSet, DateTimeOffset, IReadOnlyList<Alert>> inhibitedBy, AlertHistory history, StateJournal journal, TimeProvider time)
    {
        _pipeline = pipeline;
        _alerts = alerts;
        _silences = silences;
        _inhibitedBy = inhibitedBy;
        _history = history;
        _journal = journal;
        _time = time;
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        silences.Changed += Wake;
    }

    /// <summary>Something changed.</summary>
    public void Wake()
    {
        lock (_pipeline)
        {
            WakeAt(_time.GetUtcNow());
        }
    }

    public ValueTask DisposeAsync()
    {
        _silences.Changed -= Wake;
        lock (_pipeline)
        {
            _isDisposed = true;
        }
        return _timer.DisposeAsync();
    }

    /// <summary>Runs on the timer's thread.</summary>
    private void Look()
    {
        var began = _time.GetTimestamp();
        lock (_pipeline)
        {
            if (_isDisposed)
            {
                return;
            }
            var now = _time.GetUtcNow();
            var next = _silences.NextChange(now);
            foreach (var alert in _alerts.All)
            {
                Look(alert, now);
                next = alert.EndsAt > now && alert.EndsAt < next ? alert.EndsAt : next;
            }
            var hasChanged = _history.Write(now);
            _wakesAt = DateTimeOffset.MaxValue;
            var took = _time.GetElapsedTime(began) * RestFactor;
            _gap = took > MinGap ? took : MinGap;
            if (next < DateTimeOffset.MaxValue)
            {
                WakeAt(next);
            }
            if (!hasChanged)
            {
                return;
            }
        }
        _ = _journal.CommitAsync();
    }

    private void Look(Alert alert, DateTimeOffset now)
    {
        _history.Seen(alert, now);
        if (alert.IsResolvedAt(now))
        {
            return;
        }
        _history.Suppression(alert, SuppressionCause.Silence, _silences.SilencedBy(alert.Labels), now);
        var sources = _inhibitedBy(alert.Labels, now);
        _history.Suppression(alert, SuppressionCause.Inhibition, sources.Count == 0 ? []
            : [.. sources.Select(static source => Fingerprint.Text(source.Fingerprint)).Order(StringComparer.Ordinal)], now);
    }

    /// <summary>Under the lock.</summary>
    private void WakeAt(DateTimeOffset at)
    {
        var now = _time.GetUtcNow();
        at = at > now + _gap ? at : now + _gap;
        if (_isDisposed || at >= _wakesAt)
        {
            return;
        }
        _wakesAt = at;
        // A timer takes some weeks at most; looking for nothing is harmless.
        _timer.Change(TimeSpan.FromTicks(Math.Min((at - now).Ticks, TimeSpan.TicksPerDay)), Timeout.InfiniteTimeSpan);
    }
}
