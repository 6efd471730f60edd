using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Storage.State;

namespace Pharos.Alerting.Notifications;

/// <summary>Remembers, across restarts, what was sent to whom.</summary>
/// <remarks>Thread-safe. Bounded by the number of groups that were notified within <see cref="Retention"/>.</remarks>
internal sealed class NotificationLog
{
    private const string Collection = "notification-log";

    public static readonly TimeSpan Retention = TimeSpan.FromHours(120);

    private static readonly TimeSpan MinRetention = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, NotificationLogEntry> _entries = new(StringComparer.Ordinal);
    private readonly IStateStore _state;
    private readonly ILogger _logger;

    public NotificationLog(IStateStore state, ILogger logger)
    {
        _state = state;
        _logger = logger;
        foreach (var entry in state.All(Collection))
        {
            Load(entry);
        }
    }

    public int Count => _entries.Count;

    /// <param name="index">The position among the receiver's integrations of the same kind.</param>
    public static string KeyOf(string groupKey, string receiver, string integration, int index) =>
        $"{groupKey}:{receiver}/{integration}/{index}";

    public NotificationLogEntry? Find(string key, DateTimeOffset now) =>
        _entries.TryGetValue(key, out var entry) && entry.ExpiresAt > now ? entry : null;

    /// <summary>Keeps the entry; one that cannot reach the disk holds at least until the next restart.</summary>
    public void Put(string key, IReadOnlySet<ulong> firing, IReadOnlySet<ulong> resolved, TimeSpan repeat, DateTimeOffset now)
    {
        // Twice the repeat interval, as at Alertmanager, but never so short that the end of an alert is forgotten with it.
        var twice = repeat < Retention / 2 ? repeat * 2 : Retention;
        var keep = twice > MinRetention ? twice : MinRetention;
        var entry = new NotificationLogEntry(firing, resolved, now, now + keep);
        _entries[key] = entry;
        try
        {
            var record = new Record([.. firing], [.. resolved], now, entry.ExpiresAt);
            _state.Put(Collection, key, JsonSerializer.SerializeToUtf8Bytes(record), entry.ExpiresAt);
        }
        catch (IOException exception)
        {
            _logger.LogError(exception, "Notification log entry {Key} could not be stored", key);
        }
    }

    public void Collect(DateTimeOffset now)
    {
        foreach (var (key, _) in _entries.Where(pair => pair.Value.ExpiresAt <= now))
        {
            _entries.TryRemove(key, out _);
        }
    }

    private void Load(StateEntry stored)
    {
        try
        {
            var record = JsonSerializer.Deserialize<Record>(stored.Value) ?? throw new JsonException("null");
            _entries[stored.Key] = new NotificationLogEntry(
                record.Firing.ToHashSet(), record.Resolved.ToHashSet(), record.At, record.ExpiresAt);
        }
        catch (JsonException exception)
        {
            _logger.LogError(exception, "Notification log entry {Key} cannot be read: its group may be notified again", stored.Key);
        }
    }

    private sealed record Record(ulong[] Firing, ulong[] Resolved, DateTimeOffset At, DateTimeOffset ExpiresAt);
}
