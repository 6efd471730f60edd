using System.Text.Json;
using Pharos.Alerting.Silences;
using Pharos.Server.Api.Alertmanager;

namespace Pharos.Server.Api.Pharos;

/// <summary>Writes silences as Alertmanager does, with the fields that it does not have.</summary>
internal static class SilencesJson
{
    public static void Write(Utf8JsonWriter json, Silence silence, DateTimeOffset now)
    {
        json.WriteStartObject();
        AlertmanagerJson.WriteFields(json, silence, now);
        json.WriteString("receiver", silence.Receiver);
        json.WriteString("recurringID", silence.RecurringId);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, RecurringSilence silence, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id", silence.Id);
        AlertmanagerJson.WriteMatchers(json, silence.Matchers);
        json.WriteString("receiver", silence.Receiver);
        json.WritePropertyName("timeIntervals");
        JsonSerializer.Serialize(json, silence.Intervals);
        if (silence.StartsAt is { } startsAt)
        {
            json.WriteString("startsAt", JsonForms.Rfc3339Milliseconds(startsAt));
        }
        if (silence.EndsAt is { } endsAt)
        {
            json.WriteString("endsAt", JsonForms.Rfc3339Milliseconds(endsAt));
        }
        json.WriteString("updatedAt", JsonForms.Rfc3339Milliseconds(silence.UpdatedAt));
        json.WriteString("createdBy", silence.CreatedBy);
        json.WriteString("comment", silence.Comment);
        if (silence.WindowEndsAt > now)
        {
            json.WriteStartObject("next");
            json.WriteString("silenceID", silence.SilenceId);
            json.WriteString("startsAt", JsonForms.Rfc3339Milliseconds(silence.WindowStartsAt));
            json.WriteString("endsAt", JsonForms.Rfc3339Milliseconds(silence.WindowEndsAt));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
