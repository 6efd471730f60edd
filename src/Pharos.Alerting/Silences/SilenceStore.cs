using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Cluster;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Silences;

/// <summary>The silences; every change is on disk before it is in effect.</summary>
/// <remarks>Thread-safe. Expired silences stay visible for <see cref="Retention"/>.</remarks>
public sealed class SilenceStore
{
    /// <summary>Bounds memory and the cost of asking all of them for each alert; expired ones count until purged.</summary>
    public const int MaxSilences = 10_000;

    public const int MaxMatchersPerSilence = 100;

    private const string Collection = SharedCollections.Silences;

    public static readonly TimeSpan Retention = TimeSpan.FromHours(120);

    private readonly Lock _lock = new();
    private readonly IStateStore _state;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly bool _isShared;
    private long _queries;
    private long _collections;

    // Copied on write, so that readers take no lock.
    private volatile Dictionary<string, Silence> _silences = new(StringComparer.Ordinal);

    /// <summary>After a change is in effect.</summary>
    internal event Action? Changed;

    /// <param name="isShared">Whether other processes make silences in the same place.</param>
    public SilenceStore(IStateStore state, TimeProvider time, ILogger logger, bool isShared = false)
    {
        _isShared = isShared;
        _state = state;
        _time = time;
        _logger = logger;
        Load();
    }

    /// <summary>Active first, then pending, then expired; inside each by the time at which that state ends.</summary>
    public IReadOnlyList<Silence> All()
    {
        var now = _time.GetUtcNow();
        return [.. _silences.Values
            .OrderBy(silence => silence.StateAt(now))
            .ThenBy(silence => silence.StateAt(now) == SilenceState.Pending ? silence.StartsAt : silence.EndsAt)
            .ThenBy(silence => silence.Id, StringComparer.Ordinal)];
    }

    /// <summary>How often somebody asked what silences match.</summary>
    internal long QueryCount => Volatile.Read(ref _queries);

    internal long CollectCount => Volatile.Read(ref _collections);

    public Silence? Find(string id)
    {
        if (_silences.TryGetValue(id, out var silence) || !_isShared)
        {
            return silence;
        }
        lock (_lock)
        {
            return Known(id);
        }
    }

    /// <summary>Takes in what another node has changed; what was changed here later stays.</summary>
    internal void Receive(string id, byte[]? value)
    {
        lock (_lock)
        {
            if (value is null || Read(id, value) is not { } silence
                || (_silences.TryGetValue(id, out var known) && known.UpdatedAt > silence.UpdatedAt))
            {
                return;
            }
            _silences = new Dictionary<string, Silence>(_silences, StringComparer.Ordinal) { [id] = silence };
        }
        Changed?.Invoke();
    }

    /// <summary>The silences that hold a matcher equal to each of <paramref name="filter"/>: what the API's <c>filter</c> asks for.</summary>
    public IReadOnlyList<Silence> Query(IReadOnlyList<LabelMatcher> filter)
    {
        Interlocked.Increment(ref _queries);
        return [.. All().Where(silence => filter.All(silence.Matchers.Contains))];
    }

    /// <summary>When a silence begins or ends next; the end of time where none does.</summary>
    internal DateTimeOffset NextChange(DateTimeOffset now)
    {
        var next = DateTimeOffset.MaxValue;
        foreach (var silence in _silences.Values)
        {
            var at = silence.StartsAt > now ? silence.StartsAt : silence.EndsAt;
            next = at > now && at < next ? at : next;
        }
        return next;
    }

    /// <summary>Ids of the active silences of all receivers that match, sorted.</summary>
    public IReadOnlyList<string> SilencedBy(LabelSet labels)
    {
        var silences = _silences;
        if (silences.Count == 0)
        {
            return [];
        }
        var now = _time.GetUtcNow();
        List<string>? ids = null;
        foreach (var silence in silences.Values)
        {
            if (silence.Receiver.Length == 0 && silence.StateAt(now) == SilenceState.Active && silence.Matches(labels))
            {
                (ids ??= []).Add(silence.Id);
            }
        }
        ids?.Sort(StringComparer.Ordinal);
        return ids is null ? [] : ids;
    }

    /// <param name="receiver">Who is to be told; null asks for the silences of all receivers only.</param>
    public bool IsSilenced(LabelSet labels, string? receiver = null)
    {
        Interlocked.Increment(ref _queries);
        var silences = _silences;
        if (silences.Count == 0)
        {
            return false;
        }
        var now = _time.GetUtcNow();
        foreach (var silence in silences.Values)
        {
            if ((silence.Receiver.Length == 0 || silence.Receiver == receiver) && silence.StateAt(now) == SilenceState.Active
                && silence.Matches(labels))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Creates a silence, updates one in place, or (where that would rewrite the past) expires it for a new one.</summary>
    public SilenceResult Set(Silence silence)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (Problem(silence, now) is { } problem)
            {
                return new SilenceResult(SilenceOutcome.Invalid, Error: problem);
            }
            if (silence.Id.Length == 0)
            {
                return Save(now, Fresh(silence, now));
            }
            // To a client that knows no receivers, a silence of one does not exist.
            if (Known(silence.Id) is not { } known || known.Receiver != silence.Receiver)
            {
                return new SilenceResult(SilenceOutcome.NotFound, Error: "silence not found");
            }
            silence = silence with { RecurringId = known.RecurringId };
            if (CanUpdate(known, silence, now))
            {
                return Save(now, silence with { UpdatedAt = now });
            }
            return known.StateAt(now) == SilenceState.Expired
                ? Save(now, Fresh(silence, now))
                : Save(now, Fresh(silence, now), Expired(known, now));
        }
    }

    /// <summary>Takes a silence as it is, id and times included; one of the same id is replaced.</summary>
    internal SilenceResult Put(Silence silence)
    {
        lock (_lock)
        {
            return Save(_time.GetUtcNow(), silence);
        }
    }

    /// <summary>Ends a silence now. One that is over already stays as it is.</summary>
    public SilenceResult Expire(string id)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (Known(id) is not { } known)
            {
                return new SilenceResult(SilenceOutcome.NotFound, Error: "silence not found");
            }
            return known.StateAt(now) == SilenceState.Expired
                ? new SilenceResult(SilenceOutcome.Accepted, id) : Save(now, Expired(known, now));
        }
    }

    /// <summary>Forgets what has been over for longer than <see cref="Retention"/>.</summary>
    public void Collect()
    {
        Interlocked.Increment(ref _collections);
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (_silences.Values.Any(silence => silence.EndsAt + Retention <= now))
            {
                _silences = _silences.Where(pair => pair.Value.EndsAt + Retention > now)
                    .ToDictionary(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Whether a change keeps the past as it was, so that the silence may keep its id.</summary>
    internal static bool CanUpdate(Silence known, Silence wanted, DateTimeOffset now) =>
        known.Matchers.Count == wanted.Matchers.Count && known.Matchers.All(wanted.Matchers.Contains)
        && known.StateAt(now) switch
        {
            SilenceState.Active => Milliseconds(wanted.StartsAt) == Milliseconds(known.StartsAt) && wanted.EndsAt >= now,
            SilenceState.Pending => wanted.StartsAt >= now,
            _ => false,
        };

    /// <summary>The API shows times to the millisecond, and a client that changes a silence sends back what it was shown.</summary>
    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static string? Problem(Silence silence, DateTimeOffset now)
    {
        if (silence.StartsAt >= silence.EndsAt)
        {
            return "Failed to create silence: start time must be before end time";
        }
        if (silence.EndsAt < now)
        {
            return "Failed to create silence: end time can't be in the past";
        }
        return MatchersProblem(silence.Matchers);
    }

    internal static string? MatchersProblem(IReadOnlyList<LabelMatcher> matchers)
    {
        if (matchers.Count is 0 or > MaxMatchersPerSilence)
        {
            return matchers.Count == 0 ? "invalid silence: at least one matcher required"
                : $"invalid silence: {matchers.Count} matchers, at most {MaxMatchersPerSilence} are allowed";
        }
        for (var i = 0; i < matchers.Count; i++)
        {
            if (matchers[i].Name.Length == 0)
            {
                return $"invalid silence: invalid label matcher {i}: invalid label name {GoQuote.Quote("")}";
            }
        }
        // As Alertmanager: one that only says what is not wanted is narrow enough.
        return matchers.All(matcher => matcher.Type is MatchType.Equal or MatchType.Regex && matcher.MatchesEmpty)
            ? "invalid silence: at least one matcher must not match the empty string" : null;
    }

    private static Silence Fresh(Silence silence, DateTimeOffset now) => silence with
    {
        Id = Guid.NewGuid().ToString(),
        StartsAt = silence.StartsAt < now ? now : silence.StartsAt,
        UpdatedAt = now,
    };

    private static Silence Expired(Silence silence, DateTimeOffset now) => silence with
    {
        StartsAt = silence.StartsAt > now ? now : silence.StartsAt,
        EndsAt = now,
        UpdatedAt = now,
    };

    private SilenceResult Save(DateTimeOffset now, params ReadOnlySpan<Silence> changed)
    {
        var next = new Dictionary<string, Silence>(_silences, StringComparer.Ordinal);
        var entries = new List<StateEntry>();
        foreach (var silence in changed)
        {
            next[silence.Id] = silence;
            entries.Add(new StateEntry(silence.Id, SilenceRecord.Write(silence), silence.EndsAt + Retention));
        }
        if (next.Count > MaxSilences && next.Count > _silences.Count)
        {
            return new SilenceResult(SilenceOutcome.Invalid,
                Error: $"exceeded maximum number of silences: {_silences.Count} (limit: {MaxSilences})");
        }
        try
        {
            _state.PutAll(Collection, entries);
        }
        catch (IOException exception)
        {
            _logger.LogError(exception, "Silence {Silence} could not be stored at {Now}", changed[0].Id, now);
            return new SilenceResult(SilenceOutcome.StorageFailed, Error: $"silence could not be stored: {exception.Message}");
        }
        _silences = next;
        Changed?.Invoke();
        return new SilenceResult(SilenceOutcome.Accepted, changed[0].Id);
    }

    private void Load()
    {
        var loaded = new Dictionary<string, Silence>(StringComparer.Ordinal);
        foreach (var entry in _state.All(Collection))
        {
            if (Read(entry.Key, entry.Value) is { } silence)
            {
                loaded[entry.Key] = silence;
            }
        }
        _silences = loaded;
        Collect();
    }

    /// <summary>Under the lock. One that another node made a moment ago may not have been heard of yet.</summary>
    private Silence? Known(string id)
    {
        if (_silences.TryGetValue(id, out var known) || !_isShared)
        {
            return known;
        }
        try
        {
            return _state.Find(Collection, id) is { } entry ? Read(id, entry.Value) : null;
        }
        catch (IOException exception)
        {
            _logger.LogWarning("Silence {Silence} could not be looked up: {Reason}", id, exception.Message);
            return null;
        }
    }

    private Silence? Read(string id, byte[] value)
    {
        try
        {
            return SilenceRecord.Read(value);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            _logger.LogError(exception, "Stored silence {Silence} cannot be read and is not in effect", id);
            return null;
        }
    }
}
