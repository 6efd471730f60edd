using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Silences;

/// <summary>Says some time before a silence ends that it will: a line in the log, and an alert that is routed like any other
/// and is over when the silence is, or when it was made to last longer.</summary>
/// <remarks>Thread-safe. Not for recurring silences, which come back, nor for those that last no longer than the notice.</remarks>
internal sealed class SilenceExpiryNotice : IAsyncDisposable
{
    public const string AlertName = "SilenceExpiring";

    private readonly Lock _lock = new();
    private readonly SilenceStore _silences;
    private readonly TimeSpan _ahead;
    private readonly Action<IReadOnlyList<Alert>> _post;
    private readonly Func<LabelSet, Alert?> _findOpen;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Dictionary<string, Alert> _told = new(StringComparer.Ordinal);
    private bool _isDisposed;

    /// <param name="ahead">How long before the end.</param>
    /// <param name="findOpen">The alert of these labels that is not over, or null.</param>
    public SilenceExpiryNotice(SilenceStore silences, TimeSpan ahead, Action<IReadOnlyList<Alert>> post, Func<LabelSet, Alert?> findOpen,
        TimeProvider time, ILogger logger)
    {
        _silences = silences;
        _ahead = ahead;
        _post = post;
        _findOpen = findOpen;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Look(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        silences.Changed += Wake;
    }

    public ValueTask DisposeAsync()
    {
        _silences.Changed -= Wake;
        lock (_lock)
        {
            _isDisposed = true;
        }
        return _timer.DisposeAsync();
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Runs on the timer's thread, so that no caller's lock is held.</summary>
    private void Look()
    {
        var alerts = new List<Alert>();
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }
            var now = _time.GetUtcNow();
            var wake = DateTimeOffset.MaxValue;
            var due = new HashSet<string>(StringComparer.Ordinal);
            foreach (var silence in _silences.All().Where(silence => silence.RecurringId.Length == 0 && silence.EndsAt > now))
            {
                var at = silence.EndsAt - _ahead;
                if (at > now)
                {
                    wake = at < wake ? at : wake;
                }
                else if (silence.StartsAt < at)
                {
                    due.Add(silence.Id);
                    Tell(silence, now, alerts);
                }
            }
            foreach (var (id, alert) in _told.Where(told => !due.Contains(told.Key)).ToArray())
            {
                _told.Remove(id);
                alerts.Add(alert with { EndsAt = now, UpdatedAt = now });
            }
            // A timer takes some weeks at most; waking up for nothing is harmless.
            _timer.Change(
                wake == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Min((wake - now).Ticks, TimeSpan.TicksPerDay)),
                Timeout.InfiniteTimeSpan);
        }
        if (alerts.Count > 0)
        {
            _post(alerts);
        }
    }

    private void Tell(Silence silence, DateTimeOffset now, List<Alert> alerts)
    {
        var labels = LabelSet.From(("alertname", AlertName), ("silence_id", silence.Id), ("created_by", silence.CreatedBy));
        if (_told.TryGetValue(silence.Id, out var told) ? told.EndsAt == silence.EndsAt : _findOpen(labels)?.EndsAt == silence.EndsAt)
        {
            return;
        }
        var matchers = string.Join(", ", silence.Matchers);
        _logger.LogWarning("Silence {Silence} of {Author} for {Matchers} ends at {End}", silence.Id, silence.CreatedBy, matchers, silence.EndsAt);
        var alert = new Alert
        {
            Labels = labels,
            Annotations = LabelSet.From(
                ("summary", $"The silence for {matchers} ends at {silence.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"), ("comment", silence.Comment)),
            StartsAt = now,
            EndsAt = silence.EndsAt,
            UpdatedAt = now,
        };
        _told[silence.Id] = alert;
        alerts.Add(alert);
    }
}
