using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Storage.State;

namespace Pharos.Alerting.Durability;

/// <summary>Remembers, across restarts, what was sent to whom.</summary>
/// <remarks>Thread-safe. Bounded by the number of groups that were notified within <see cref="Retention"/>.</remarks>
internal sealed class NotificationLog
{
    private const string Collection = "notification-log";

    /// <summary>What was about to be sent and is not yet known to be: by key of the log.</summary>
    private const string IntentCollection = "notification-intents";

    public static readonly TimeSpan Retention = TimeSpan.FromHours(120);

    private static readonly TimeSpan MinRetention = TimeSpan.FromHours(24);

    /// <summary>Longer than a successor needs to begin.</summary>
    private static readonly TimeSpan InterruptionRetention = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, NotificationLogEntry> _entries = new(StringComparer.Ordinal);
    private readonly IStateStore _state;
    private readonly StateJournal _journal;
    private readonly ILogger _logger;
    private long _queries;
    private long _collections;

    /// <param name="writesIntents">Whether a successor has to know of what is under way.</param>
    public NotificationLog(IStateStore state, StateJournal journal, ILogger logger, bool writesIntents = false)
    {
        WritesIntents = writesIntents;
        _state = state;
        _journal = journal;
        _logger = logger;
        Load();
    }

    public int Count => _entries.Count;

    /// <summary>Whether what is about to be sent must be noted first.</summary>
    public bool WritesIntents { get; }

    /// <summary>How often somebody looked something up.</summary>
    public long QueryCount => Volatile.Read(ref _queries);

    public long CollectCount => Volatile.Read(ref _collections);

    /// <param name="index">The position among the receiver's integrations of the same kind.</param>
    public static string KeyOf(string groupKey, string receiver, string integration, int index) =>
        $"{groupKey}:{receiver}/{integration}/{index}";

    public NotificationLogEntry? Find(string key, DateTimeOffset now)
    {
        Interlocked.Increment(ref _queries);
        return _entries.TryGetValue(key, out var entry) && entry.ExpiresAt > now ? entry : null;
    }

    /// <summary>What the integration remembers about the group; what belongs to alerts that are all over is not recalled.</summary>
    public GroupMemory MemoryOf(string key)
    {
        var isLive = _entries.TryGetValue(key, out var entry) && entry is { Firing.Count: > 0 } or { Hidden.Count: > 0 };
        return GroupMemory.Of(_state, key, startsAnew: !isLive);
    }

    /// <summary>For how long an entry made at <paramref name="now"/> is kept.</summary>
    public static DateTimeOffset ExpiryOf(TimeSpan repeat, DateTimeOffset now)
    {
        // Twice the repeat interval, as at Alertmanager, but never so short that the end of an alert is forgotten with it.
        var twice = repeat < Retention / 2 ? repeat * 2 : Retention;
        return now + (twice > MinRetention ? twice : MinRetention);
    }

    /// <summary>Notes that a notification is about to be sent. The journal's next commit, which is not made here, ends it.</summary>
    /// <returns>Whether it may be sent: a successor knows of it.</returns>
    public Task<bool> IntendAsync(string key, string group, FingerprintSet firing, DateTimeOffset expiresAt) =>
        _journal.AddAsync(Intent(key, new StoredIntent(group, firing.ToArray()), expiresAt));

    /// <summary>Leaves to the journal's next commit that a group's flush was broken off.</summary>
    public void NoteInterruption(string group, DateTimeOffset now)
    {
        if (WritesIntents)
        {
            _journal.Add(Intent(group, new StoredIntent(group, []), now + InterruptionRetention));
        }
    }

    /// <summary>Takes up what was about to be sent when the leader ended. Its receiver may have it or not: it is sent again as long as it
    /// is true, and whoever may believe that an alert fires hears that it is over.</summary>
    /// <returns>The groups of which something was about to be sent.</returns>
    public IReadOnlySet<string> TakeUpIntents(DateTimeOffset now)
    {
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stored in _state.All(IntentCollection).Where(stored => stored.ExpiresAt > now))
        {
            if (Read(stored) is not { } intent)
            {
                continue;
            }
            groups.Add(intent.Group);
            var firing = FingerprintSet.Of(intent.Firing);
            if (firing.Count > 0)
            {
                var known = _entries.GetValueOrDefault(stored.Key)
                    ?? new NotificationLogEntry(FingerprintSet.Empty, FingerprintSet.Empty, FingerprintSet.Empty, now, stored.ExpiresAt!.Value);
                var unsure = firing.Without(known.Firing).Without(known.Hidden);
                _entries[stored.Key] = known with { Hidden = FingerprintSet.Of([.. known.Hidden.ToArray(), .. unsure.ToArray()]) };
            }
        }
        return groups;
    }

    /// <summary>Takes over what another node has noted.</summary>
    public void Reload()
    {
        _entries.Clear();
        Load();
    }

    /// <summary>In effect at once; ends when it is durable. One that cannot reach the disk holds until the next restart.</summary>
    public Task PutAsync(string key, NotificationLogEntry entry)
    {
        _entries[key] = entry;
        var change = new StateChange(Collection, key, Write(entry), entry.ExpiresAt);
        return WritesIntents ? _journal.CommitAsync(change, new StateChange(IntentCollection, key, null)) : _journal.CommitAsync(change);
    }

    public void Collect(DateTimeOffset now)
    {
        Interlocked.Increment(ref _collections);
        foreach (var (key, _) in _entries.Where(pair => pair.Value.ExpiresAt <= now))
        {
            _entries.TryRemove(key, out _);
        }
    }

    /// <summary>A <see cref="StoredLogEntry"/>.</summary>
    private static byte[] Write(NotificationLogEntry entry)
    {
        var writer = RecordWriter.Begin();
        writer.Json.WriteStartObject();
        writer.Write("Firing"u8, entry.Firing.ToArray());
        writer.Write("Resolved"u8, entry.Resolved.ToArray());
        writer.Json.WriteString("At"u8, entry.At);
        writer.Json.WriteString("ExpiresAt"u8, entry.ExpiresAt);
        if (entry.Hidden.Count > 0)
        {
            writer.Write("Hidden"u8, entry.Hidden.ToArray());
        }
        writer.Json.WriteEndObject();
        return writer.Finish();
    }

    private static StateChange Intent(string key, StoredIntent intent, DateTimeOffset expiresAt) =>
        new(IntentCollection, key, JsonSerializer.SerializeToUtf8Bytes(intent, StateJson.Default.StoredIntent), expiresAt);

    private StoredIntent? Read(StateEntry stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Value, StateJson.Default.StoredIntent);
        }
        catch (JsonException exception)
        {
            _logger.LogError(exception, "What was about to be sent as {Key} cannot be read", stored.Key);
            return null;
        }
    }

    private void Load()
    {
        foreach (var entry in _state.All(Collection))
        {
            Load(entry);
        }
    }

    private void Load(StateEntry stored)
    {
        try
        {
            var record = JsonSerializer.Deserialize(stored.Value, StateJson.Default.StoredLogEntry) ?? throw new JsonException("null");
            _entries[stored.Key] = new NotificationLogEntry(
                FingerprintSet.Of(record.Firing), FingerprintSet.Of(record.Resolved), FingerprintSet.Of(record.Hidden ?? []),
                record.At, record.ExpiresAt);
        }
        catch (JsonException exception)
        {
            _logger.LogError(exception, "Notification log entry {Key} cannot be read: its group may be notified again", stored.Key);
        }
    }
}
