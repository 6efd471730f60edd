using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Cluster;
using Pharos.Alerting.TimeIntervals;
using Pharos.Storage.State;
using Pharos.Storage.Text;

namespace Pharos.Alerting.Silences;

/// <summary>Keeps an ordinary silence for the window that runs and for the next one of every recurring silence.</summary>
/// <remarks>Thread-safe. A window's silence is made before the window begins, so that no flush at its first instant passes. Who
/// ends that silence has skipped this one window. Every change is on disk before it is in effect.</remarks>
public sealed class RecurringSilences : IAsyncDisposable
{
    public const int MaxCount = 1_000;

    public const int MaxIntervals = 100;

    private const string Collection = SharedCollections.RecurringSilences;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly IStateStore _state;
    private readonly SilenceStore _silences;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Dictionary<string, RecurringSilence> _all = new(StringComparer.Ordinal);
    private bool _isDisposed;

    public RecurringSilences(IStateStore state, SilenceStore silences, TimeProvider time, ILogger logger)
    {
        _state = state;
        _silences = silences;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Advance(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Load();
        Advance();
    }

    /// <summary>By the window that runs or comes next.</summary>
    public IReadOnlyList<RecurringSilence> All()
    {
        lock (_lock)
        {
            return [.. _all.Values.OrderBy(silence => silence.WindowStartsAt).ThenBy(silence => silence.Id, StringComparer.Ordinal)];
        }
    }

    public RecurringSilence? Find(string id)
    {
        lock (_lock)
        {
            return _all.GetValueOrDefault(id);
        }
    }

    /// <summary>Creates one, or replaces the one of the same id: its window's silence ends, and the new one's begins.</summary>
    public SilenceResult Set(RecurringSilence wanted)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (Problem(wanted, now) is { } problem)
            {
                return new SilenceResult(SilenceOutcome.Invalid, Error: problem);
            }
            if (wanted.Id.Length > 0 && !_all.ContainsKey(wanted.Id))
            {
                return NotFound(wanted.Id);
            }
            if (wanted.Id.Length == 0 && _all.Count >= MaxCount)
            {
                return new SilenceResult(SilenceOutcome.Invalid, Error: $"exceeded maximum number of recurring silences: {MaxCount}");
            }
            if (_all.TryGetValue(wanted.Id, out var known) && EndWindow(known) is { Outcome: not SilenceOutcome.Accepted } failed)
            {
                return failed;
            }
            var saved = wanted with
            {
                Id = wanted.Id.Length > 0 ? wanted.Id : Guid.NewGuid().ToString(),
                UpdatedAt = now,
                SilenceId = "",
                WindowStartsAt = default,
                WindowEndsAt = default,
            };
            if (Save(saved) is { } unsaved)
            {
                return unsaved;
            }
            AdvanceAll(now);
            return new SilenceResult(SilenceOutcome.Accepted, saved.Id);
        }
    }

    /// <summary>Forgets one; the silence of its window ends now.</summary>
    public SilenceResult Remove(string id)
    {
        lock (_lock)
        {
            if (!_all.TryGetValue(id, out var known))
            {
                return NotFound(id);
            }
            if (EndWindow(known) is { Outcome: not SilenceOutcome.Accepted } failed)
            {
                return failed;
            }
            try
            {
                _state.Delete(Collection, id);
            }
            catch (IOException exception)
            {
                return StorageFailed(id, exception);
            }
            _all.Remove(id);
            return new SilenceResult(SilenceOutcome.Accepted, id);
        }
    }

    /// <summary>Takes in what another node has changed; what was changed here later stays.</summary>
    /// <param name="value">Null where it is removed.</param>
    internal void Receive(string id, byte[]? value)
    {
        lock (_lock)
        {
            if (value is null)
            {
                _all.Remove(id);
            }
            else if (Read(id, value) is { } silence && !(_all.TryGetValue(id, out var known) && IsNewer(known, silence)))
            {
                _all[id] = silence;
            }
            if (!_isDisposed)
            {
                AdvanceAll(_time.GetUtcNow());
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }
        return _timer.DisposeAsync();
    }

    private void Advance()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                AdvanceAll(_time.GetUtcNow());
            }
        }
    }

    /// <summary>Under the lock. Makes silences of windows that are next, and wakes up when the first of these begins.</summary>
    private void AdvanceAll(DateTimeOffset now)
    {
        var wake = DateTimeOffset.MaxValue;
        foreach (var id in _all.Keys.ToArray())
        {
            while (_all[id] is var silence && silence.WindowStartsAt <= now && NextWindow(silence, now) is { } next)
            {
                if (!Begin(silence, next))
                {
                    wake = now + RetryInterval;
                    break;
                }
            }
            wake = _all[id].WindowStartsAt is var start && start > now && start < wake ? start : wake;
        }
        // A timer takes some weeks at most; waking up for nothing is harmless.
        _timer.Change(
            wake == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Min((wake - now).Ticks, TimeSpan.TicksPerDay)),
            Timeout.InfiniteTimeSpan);
    }

    private static SilenceWindow? NextWindow(RecurringSilence silence, DateTimeOffset now)
    {
        var from = silence.WindowEndsAt > now ? silence.WindowEndsAt : now;
        from = silence.StartsAt > from ? silence.StartsAt.Value : from;
        var intervals = silence.Intervals.Select(interval => interval.Parse(out _)!).ToArray();
        return SilenceWindow.Next(intervals, from, silence.EndsAt ?? DateTimeOffset.MaxValue);
    }

    private bool Begin(RecurringSilence silence, SilenceWindow window)
    {
        // From what it is made of: after a crash between the two writes the same silence is made once more.
        var key = $"{silence.Id}/{silence.UpdatedAt.UtcTicks}/{window.EndsAt.UtcTicks}";
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16)).ToString();
        var made = _silences.Put(new Silence
        {
            Id = id,
            Matchers = silence.Matchers,
            Receiver = silence.Receiver,
            RecurringId = silence.Id,
            StartsAt = window.StartsAt,
            EndsAt = window.EndsAt,
            UpdatedAt = _time.GetUtcNow(),
            CreatedBy = silence.CreatedBy,
            Comment = silence.Comment,
        });
        if (made.Outcome is not SilenceOutcome.Accepted)
        {
            _logger.LogError("The next window of recurring silence {Silence} has no silence yet: {Error}", silence.Id, made.Error);
            return false;
        }
        return Save(silence with { SilenceId = id, WindowStartsAt = window.StartsAt, WindowEndsAt = window.EndsAt }) is null;
    }

    private SilenceResult EndWindow(RecurringSilence silence)
    {
        // Two windows may have silences: the one that runs and the next one.
        foreach (var made in _silences.All().Where(made => made.RecurringId == silence.Id && made.StateAt(_time.GetUtcNow()) != SilenceState.Expired))
        {
            if (_silences.Expire(made.Id) is { Outcome: not SilenceOutcome.Accepted } failed)
            {
                return failed;
            }
        }
        return new SilenceResult(SilenceOutcome.Accepted, silence.Id);
    }

    /// <returns>Null, or why it could not be saved.</returns>
    private SilenceResult? Save(RecurringSilence silence)
    {
        try
        {
            _state.Put(Collection, silence.Id, RecurringSilenceRecord.Write(silence));
        }
        catch (IOException exception)
        {
            return StorageFailed(silence.Id, exception);
        }
        _all[silence.Id] = silence;
        return null;
    }

    private SilenceResult StorageFailed(string id, IOException exception)
    {
        _logger.LogError(exception, "Recurring silence {Silence} could not be stored", id);
        return new SilenceResult(SilenceOutcome.StorageFailed, Error: $"recurring silence could not be stored: {exception.Message}");
    }

    private static SilenceResult NotFound(string id) => new(SilenceOutcome.NotFound, Error: $"recurring silence {id} not found");

    private static string? Problem(RecurringSilence wanted, DateTimeOffset now)
    {
        if (SilenceStore.MatchersProblem(wanted.Matchers) is { } problem)
        {
            return problem;
        }
        if (wanted.Intervals.Count is 0 or > MaxIntervals)
        {
            return $"invalid recurring silence: {wanted.Intervals.Count} time intervals, from 1 to {MaxIntervals} are allowed";
        }
        var intervals = new List<TimeInterval>();
        foreach (var text in wanted.Intervals)
        {
            if (text.Parse(out var error) is not { } interval)
            {
                return $"invalid recurring silence: {error}";
            }
            if (interval.IsAlways)
            {
                return "invalid recurring silence: a time interval without times, weekdays, days, months and years never ends";
            }
            intervals.Add(interval);
        }
        var from = wanted.StartsAt > now ? wanted.StartsAt.Value : now;
        return SilenceWindow.Next(intervals, from, wanted.EndsAt ?? DateTimeOffset.MaxValue) is null
            ? "invalid recurring silence: its time intervals contain no time that lies ahead" : null;
    }

    private void Load()
    {
        foreach (var entry in _state.All(Collection))
        {
            if (Read(entry.Key, entry.Value) is { } silence)
            {
                _all[entry.Key] = silence;
            }
        }
    }

    private static bool IsNewer(RecurringSilence left, RecurringSilence right) => left.UpdatedAt != right.UpdatedAt
        ? left.UpdatedAt > right.UpdatedAt : left.WindowEndsAt > right.WindowEndsAt;

    private RecurringSilence? Read(string id, byte[] value)
    {
        try
        {
            return RecurringSilenceRecord.Read(value);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or GoRegexException)
        {
            _logger.LogError(exception, "Stored recurring silence {Silence} cannot be read and is not in effect", id);
            return null;
        }
    }
}
