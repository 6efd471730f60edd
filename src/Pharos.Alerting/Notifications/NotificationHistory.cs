using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Durability;
using Pharos.Storage.State;

namespace Pharos.Alerting.Notifications;

/// <summary>The last notifications, newest first, kept across restarts.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class NotificationHistory
{
    /// <summary>Bounds memory and the state store; the oldest makes room.</summary>
    public const int MaxRecords = 2_000;

    private const string Collection = "notification-history";
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private readonly Lock _lock = new();
    private readonly Queue<(string Key, NotificationRecord Record)> _records = new();
    private readonly StateJournal _journal;
    private readonly ILogger _logger;
    private long _next;

    internal NotificationHistory(IStateStore state, StateJournal journal, ILogger logger)
    {
        _journal = journal;
        _logger = logger;
        foreach (var entry in state.All(Collection))
        {
            Load(entry);
        }
    }

    public IReadOnlyList<NotificationRecord> Latest(int limit)
    {
        lock (_lock)
        {
            return [.. _records.Reverse().Take(limit).Select(pair => pair.Record)];
        }
    }

    /// <summary>Durable with the journal's next commit.</summary>
    internal void Add(NotificationRecord record)
    {
        lock (_lock)
        {
            // Sorts as text in the order of time, which is how the state store lists its keys.
            var key = (_next++).ToString("d19", CultureInfo.InvariantCulture);
            _records.Enqueue((key, record));
            _journal.Add(new StateChange(
                Collection, key, JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Default.NotificationRecord), record.At + Retention));
            while (_records.Count > MaxRecords)
            {
                _journal.Add(new StateChange(Collection, _records.Dequeue().Key, null));
            }
        }
    }

    private void Load(StateEntry entry)
    {
        try
        {
            if (JsonSerializer.Deserialize(entry.Value, StateJson.Default.NotificationRecord) is { } record
                && long.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                _records.Enqueue((entry.Key, record));
                _next = Math.Max(_next, number + 1);
            }
        }
        catch (JsonException exception)
        {
            _logger.LogWarning(exception, "Stored notification {Key} cannot be read", entry.Key);
        }
    }
}
