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
        _chunks.Add(Write(record), record.At);

    /// <summary>Takes in what another node has written.</summary>
    internal void Receive(string key, byte[]? value, DateTimeOffset? expiresAt) => _chunks.Receive(key, value, expiresAt);

    private static IReadOnlyList<NotificationRecord> Parse(byte[] value) =>
        JsonSerializer.Deserialize(value, StateJson.Default.NotificationRecord) is { } record ? [record] : [];

    private static byte[] Write(NotificationRecord record)
    {
        var writer = RecordWriter.Begin();
        var json = writer.Json;
        json.WriteStartObject();
        json.WriteString("At"u8, record.At);
        json.WriteString("Receiver"u8, record.Receiver);
        json.WriteString("Integration"u8, record.Integration);
        json.WriteString("GroupKey"u8, record.GroupKey);
        json.WriteString("Reason"u8, record.Reason);
        json.WriteString("Outcome"u8, record.Outcome);
        json.WriteNumber("Attempts"u8, record.Attempts);
        json.WriteString("Error"u8, record.Error);
        writer.Write("GroupLabels"u8, record.GroupLabels);
        json.WriteStartArray("Alerts"u8);
        for (var i = 0; i < record.Alerts.Count; i++)
        {
            var alert = record.Alerts[i];
            json.WriteStartObject();
            json.WriteString("Fingerprint"u8, alert.Fingerprint);
            json.WriteString("Status"u8, alert.Status);
            writer.Write("Labels"u8, alert.Labels);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("Tries"u8);
        for (var i = 0; i < record.Tries.Count; i++)
        {
            Write(json, record.Tries[i]);
        }
        json.WriteEndArray();
        json.WriteString("Payload"u8, record.Payload);
        json.WriteBoolean("IsPayloadCut"u8, record.IsPayloadCut);
        json.WriteNumber("FiringCount"u8, record.FiringCount);
        json.WriteNumber("ResolvedCount"u8, record.ResolvedCount);
        json.WriteNumber("DurationSeconds"u8, record.DurationSeconds);
        json.WriteEndObject();
        return writer.Finish();
    }

    private static void Write(Utf8JsonWriter json, NotificationAttempt attempt)
    {
        json.WriteStartObject();
        json.WriteString("At"u8, attempt.At);
        json.WriteNumber("DurationSeconds"u8, attempt.DurationSeconds);
        json.WriteString("Outcome"u8, attempt.Outcome);
        if (attempt.Status is { } status)
        {
            json.WriteNumber("Status"u8, status);
        }
        json.WriteString("Answer"u8, attempt.Answer);
        json.WriteString("Error"u8, attempt.Error);
        if (attempt.RetryAfterSeconds is { } pause)
        {
            json.WriteNumber("RetryAfterSeconds"u8, pause);
        }
        json.WriteEndObject();
    }
}
