using System.Text.Json;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Writes alerts, groups and silences as Alertmanager's schema names them.</summary>
internal static class AlertmanagerJson
{
    public static void Write(Utf8JsonWriter json, AlertSnapshot snapshot)
    {
        var alert = snapshot.Alert;
        json.WriteStartObject();
        JsonForms.WriteLabels(json, "annotations", alert.Annotations);
        json.WriteString("endsAt", JsonForms.Rfc3339Milliseconds(alert.EndsAt));
        json.WriteString("fingerprint", Fingerprint.Text(alert.Fingerprint));
        json.WriteStartArray("receivers");
        foreach (var receiver in snapshot.Receivers)
        {
            WriteReceiver(json, receiver);
        }
        json.WriteEndArray();
        json.WriteString("startsAt", JsonForms.Rfc3339Milliseconds(alert.StartsAt));
        json.WriteStartObject("status");
        JsonForms.WriteStrings(json, "inhibitedBy", snapshot.InhibitedBy);
        JsonForms.WriteStrings(json, "mutedBy", snapshot.MutedBy);
        JsonForms.WriteStrings(json, "silencedBy", snapshot.SilencedBy);
        json.WriteString("state", snapshot.State switch
        {
            AlertState.Active => "active",
            AlertState.Suppressed => "suppressed",
            _ => "unprocessed",
        });
        json.WriteEndObject();
        json.WriteString("updatedAt", JsonForms.Rfc3339Milliseconds(alert.UpdatedAt));
        if (alert.GeneratorUrl.Length > 0)
        {
            json.WriteString("generatorURL", alert.GeneratorUrl);
        }
        JsonForms.WriteLabels(json, "labels", alert.Labels);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AlertGroupSnapshot group, IEnumerable<AlertSnapshot> alerts)
    {
        json.WriteStartObject();
        json.WriteStartArray("alerts");
        foreach (var alert in alerts)
        {
            Write(json, alert);
        }
        json.WriteEndArray();
        JsonForms.WriteLabels(json, "labels", group.Labels);
        JsonForms.WriteLabels(json, "routeLabels", group.RouteLabels);
        json.WritePropertyName("receiver");
        WriteReceiver(json, group.Receiver);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Silence silence, DateTimeOffset now)
    {
        json.WriteStartObject();
        WriteFields(json, silence, now);
        json.WriteEndObject();
    }

    /// <summary>What stands inside the object of a silence.</summary>
    public static void WriteFields(Utf8JsonWriter json, Silence silence, DateTimeOffset now)
    {
        json.WriteString("id", silence.Id);
        json.WriteStartObject("status");
        json.WriteString("state", silence.StateAt(now).ToString().ToLowerInvariant());
        json.WriteEndObject();
        json.WriteString("updatedAt", JsonForms.Rfc3339Milliseconds(silence.UpdatedAt));
        json.WriteString("comment", silence.Comment);
        json.WriteString("createdBy", silence.CreatedBy);
        json.WriteString("endsAt", JsonForms.Rfc3339Milliseconds(silence.EndsAt));
        JsonForms.WriteLabels(json, "annotations", silence.Annotations);
        WriteMatchers(json, silence.Matchers);
        json.WriteString("startsAt", JsonForms.Rfc3339Milliseconds(silence.StartsAt));
    }

    public static void WriteMatchers(Utf8JsonWriter json, IReadOnlyList<LabelMatcher> matchers)
    {
        json.WriteStartArray("matchers");
        foreach (var matcher in matchers)
        {
            json.WriteStartObject();
            json.WriteBoolean("isEqual", matcher.Type is MatchType.Equal or MatchType.Regex);
            json.WriteBoolean("isRegex", matcher.Type is MatchType.Regex or MatchType.NotRegex);
            json.WriteString("name", matcher.Name);
            json.WriteString("value", matcher.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void WriteReceiver(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteEndObject();
    }
}
