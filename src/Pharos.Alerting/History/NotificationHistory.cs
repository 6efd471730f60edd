using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Cluster;
using Pharos.Alerting.Durability;
using Pharos.Storage.State;

namespace Pharos.Alerting.History;

/// <summary>What was sent to whom, with every attempt and its answer, kept across restarts.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class NotificationHistory
{
    private const string Collection = SharedCollections.NotificationHistory;

    /// <summary>Payloads are full of quotes, which the usual writing makes six bytes each.</summary>
    private static readonly StateJson Json = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private readonly HistoryChunks<NotificationRecord> _chunks;
    private readonly TimeProvider _time;

    internal NotificationHistory(IStateStore state, StateJournal journal, TimeProvider time, TimeSpan retention, ILogger logger)
    {
        _time = time;
        _chunks = new HistoryChunks<NotificationRecord>(
            Collection, Parse, static record => record.At, retention, state, journal, logger);
    }

    public IReadOnlyList<NotificationRecord> Latest(int limit) => Read(new HistoryQuery { Limit = limit }).Items;

    /// <exception cref="IOException">The disk refuses.</exception>
    public HistoryPage<NotificationRecord> Read(HistoryQuery query) => _chunks.Read(
        query,
        record => (query.Receiver is null || record.Receiver == query.Receiver)
            && (query.Matchers.Count == 0 || record.Alerts.Any(alert => query.Wants(alert.Labels))),
        _time.GetUtcNow());

    /// <summary>Durable with the journal's next commit.</summary>
    internal void Add(NotificationRecord record) =>
        _chunks.Add(JsonSerializer.SerializeToUtf8Bytes(record, Json.NotificationRecord), record.At);

    /// <summary>Takes in what another node has written.</summary>
    internal void Receive(string key, byte[]? value, DateTimeOffset? expiresAt) => _chunks.Receive(key, value, expiresAt);

    private static IReadOnlyList<NotificationRecord> Parse(byte[] value) =>
        JsonSerializer.Deserialize(value, StateJson.Default.NotificationRecord) is { } record ? [record] : [];
}
