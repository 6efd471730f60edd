using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Alerting.History;
using Pharos.Server.Api.Alertmanager;

namespace Pharos.Server.Api.Pharos;

/// <summary>What became of every alert, and what was sent to whom, for the retention time; the newest first, in pages.</summary>
internal sealed class HistoryApi(AlertHistory alerts, NotificationHistory notifications)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/pharos/alerts/history", ["GET"], (RequestDelegate)AlertsAsync);
        routes.MapMethods("/api/pharos/notifications", ["GET"], (RequestDelegate)NotificationsAsync);
    }

    private Task AlertsAsync(HttpContext context) => AnswerAsync(context, "transitions", alerts.Read, WriteTransition);

    private Task NotificationsAsync(HttpContext context) => AnswerAsync(context, "notifications", notifications.Read, WriteNotification);

    private static async Task AnswerAsync<T>(
        HttpContext context, string property, Func<HistoryQuery, HistoryPage<T>> read, Action<Utf8JsonWriter, T> write)
    {
        if (HistoryParameters.Read(context.Request.Query, out var error) is not { } query)
        {
            await PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }
        HistoryPage<T> page;
        try
        {
            page = read(query);
        }
        catch (IOException problem)
        {
            await PharosReply.RefuseAsync(context, StatusCodes.Status500InternalServerError, $"the history could not be read: {problem.Message}");
            return;
        }
        await AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray(property);
            foreach (var item in page.Items)
            {
                write(json, item);
            }
            json.WriteEndArray();
            if (page.Next is { } next)
            {
                json.WriteString("next", next.ToString());
            }
            json.WriteEndObject();
        });
    }

    private static void WriteTransition(Utf8JsonWriter json, AlertTransition transition)
    {
        json.WriteStartObject();
        json.WriteString("at", JsonForms.Rfc3339(transition.At));
        json.WriteString("fingerprint", transition.Fingerprint);
        WriteLabels(json, "labels", transition.Labels);
        json.WriteString("state", transition.State);
        json.WriteString("reason", transition.Reason);
        if (transition.Cause.Length > 0)
        {
            json.WriteString("cause", transition.Cause);
            JsonForms.WriteStrings(json, "by", transition.By);
        }
        if (transition.Receiver.Length > 0)
        {
            json.WriteString("receiver", transition.Receiver);
        }
        json.WriteString("startsAt", JsonForms.Rfc3339(transition.StartsAt));
        if (transition.EndsAt is { } endsAt)
        {
            json.WriteString("endsAt", JsonForms.Rfc3339(endsAt));
        }
        json.WriteEndObject();
    }

    private static void WriteNotification(Utf8JsonWriter json, NotificationRecord record)
    {
        json.WriteStartObject();
        json.WriteString("at", JsonForms.Rfc3339(record.At));
        json.WriteString("receiver", record.Receiver);
        json.WriteString("integration", record.Integration);
        json.WriteString("groupKey", record.GroupKey);
        WriteLabels(json, "groupLabels", record.GroupLabels);
        json.WriteString("reason", record.Reason);
        json.WriteString("outcome", record.Outcome);
        json.WriteNumber("attempts", record.Attempts);
        if (record.Error.Length > 0)
        {
            json.WriteString("error", record.Error);
        }
        json.WriteNumber("alerts", record.FiringCount + record.ResolvedCount);
        json.WriteNumber("firing", record.FiringCount);
        json.WriteNumber("resolved", record.ResolvedCount);
        json.WriteNumber("durationSeconds", record.DurationSeconds);
        json.WriteStartArray("tries");
        foreach (var attempt in record.Tries)
        {
            WriteAttempt(json, attempt);
        }
        json.WriteEndArray();
        json.WriteStartArray("told");
        foreach (var alert in record.Alerts)
        {
            json.WriteStartObject();
            json.WriteString("fingerprint", alert.Fingerprint);
            json.WriteString("status", alert.Status);
            WriteLabels(json, "labels", alert.Labels);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("payload", record.Payload);
        json.WriteBoolean("payloadCut", record.IsPayloadCut);
        json.WriteEndObject();
    }

    private static void WriteAttempt(Utf8JsonWriter json, NotificationAttempt attempt)
    {
        json.WriteStartObject();
        json.WriteString("at", JsonForms.Rfc3339(attempt.At));
        json.WriteNumber("durationSeconds", attempt.DurationSeconds);
        json.WriteString("outcome", attempt.Outcome);
        if (attempt.Status is { } status)
        {
            json.WriteNumber("status", status);
        }
        json.WriteString("answer", attempt.Answer);
        if (attempt.Error.Length > 0)
        {
            json.WriteString("error", attempt.Error);
        }
        if (attempt.RetryAfterSeconds is { } pause)
        {
            json.WriteNumber("retryAfterSeconds", pause);
        }
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, string property, IReadOnlyDictionary<string, string> labels)
    {
        json.WriteStartObject(property);
        foreach (var (name, value) in labels)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
    }
}
