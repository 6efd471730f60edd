using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Events;

/// <summary>Reads the bodies of <c>POST /v2/enqueue</c> and <c>/v2/change/enqueue</c> and says all that is wrong with
/// them, in PagerDuty's words where it has some.</summary>
/// <remarks>Unknown keys are let be, as at PagerDuty.</remarks>
internal sealed class PagerDutyEventReader
{
    private const int MaxKeyLength = 255;
    private const int MaxSummaryLength = 1024;
    private const string At = "payload.";

    private static readonly string[] Severities = ["critical", "warning", "error", "info"];

    private readonly List<string> _errors = [];

    private PagerDutyEventReader()
    {
    }

    /// <returns>The event, or null and why not.</returns>
    public static PagerDutyEvent? Read(JsonElement body, out IReadOnlyList<string> errors)
    {
        var reader = new PagerDutyEventReader();
        errors = reader._errors;
        if (body.ValueKind is not JsonValueKind.Object)
        {
            reader._errors.Add($"the event must be a JSON object, not {Kind(body)}");
            return null;
        }
        var read = reader.Event(body);
        return reader._errors.Count == 0 ? read : null;
    }

    /// <returns>The change, or null and why not.</returns>
    public static PagerDutyChange? ReadChange(JsonElement body, out IReadOnlyList<string> errors)
    {
        var reader = new PagerDutyEventReader();
        errors = reader._errors;
        if (body.ValueKind is not JsonValueKind.Object)
        {
            reader._errors.Add($"the event must be a JSON object, not {Kind(body)}");
            return null;
        }
        var routingKey = reader.Required(body, "", "routing_key", MaxKeyLength);
        if (reader.Payload(body) is not { } payload)
        {
            return null;
        }
        var read = new PagerDutyChange(
            routingKey, reader.Required(payload, At, "summary", MaxSummaryLength), reader.Text(payload, At, "source"), reader.Timestamp(payload, At));
        return reader._errors.Count == 0 ? read : null;
    }

    private PagerDutyEvent Event(JsonElement body)
    {
        var routingKey = Required(body, "", "routing_key", MaxKeyLength);
        var action = Action(body);
        var dedupKey = action is PagerDutyAction.Trigger
            ? Text(body, "", "dedup_key", MaxKeyLength) : Required(body, "", "dedup_key", MaxKeyLength);
        var read = new PagerDutyEvent
        {
            RoutingKey = routingKey,
            Action = action ?? PagerDutyAction.Trigger,
            DedupKey = dedupKey.Length > 0 ? dedupKey : Guid.NewGuid().ToString("N"),
        };
        return action is PagerDutyAction.Trigger ? WithPayload(read, body) : read;
    }

    private PagerDutyAction? Action(JsonElement body)
    {
        var action = Required(body, "", "event_action");
        switch (action)
        {
            case "trigger":
                return PagerDutyAction.Trigger;
            case "acknowledge":
                return PagerDutyAction.Acknowledge;
            case "resolve":
                return PagerDutyAction.Resolve;
            default:
                if (action.Length > 0)
                {
                    _errors.Add("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve'): "
                        + GoQuote.Quote(action));
                }
                return null;
        }
    }

    private JsonElement? Payload(JsonElement body)
    {
        if (!body.TryGetProperty("payload", out var payload) || payload.ValueKind is JsonValueKind.Null)
        {
            _errors.Add("'payload' is missing or blank");
            return null;
        }
        if (payload.ValueKind is not JsonValueKind.Object)
        {
            _errors.Add($"'payload' must be an object, not {Kind(payload)}");
            return null;
        }
        return payload;
    }

    private PagerDutyEvent WithPayload(PagerDutyEvent read, JsonElement body)
    {
        if (Payload(body) is not { } payload)
        {
            return read;
        }
        var summary = Required(payload, At, "summary", MaxSummaryLength);
        var client = Text(body, "", "client");
        var clientUrl = Text(body, "", "client_url");
        return read with
        {
            Summary = summary,
            Source = Required(payload, At, "source"),
            Severity = Severity(payload, At),
            Timestamp = Timestamp(payload, At),
            Component = Text(payload, At, "component"),
            Group = Text(payload, At, "group"),
            Class = Text(payload, At, "class"),
            ClientUrl = clientUrl,
            Annotations =
            [
                .. new Label[]
                {
                    new("summary", summary),
                    new("client", client),
                    new("client_url", clientUrl),
                    new("custom_details", Json(payload, "custom_details")),
                    new("links", Entries(body, "links")),
                    new("images", Entries(body, "images")),
                }.Where(static annotation => annotation.Value.Length > 0),
            ],
        };
    }

    private string Severity(JsonElement payload, string at)
    {
        var severity = Required(payload, at, "severity");
        if (severity.Length > 0 && !Severities.Contains(severity))
        {
            _errors.Add($"'{at}severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info'): "
                + GoQuote.Quote(severity));
        }
        return severity;
    }

    private DateTimeOffset? Timestamp(JsonElement payload, string at)
    {
        var text = Text(payload, at, "timestamp");
        if (text.Length == 0)
        {
            return null;
        }
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }
        _errors.Add($"'{at}timestamp' is invalid (must be a time as of ISO 8601): {GoQuote.Quote(text)}");
        return null;
    }

    private string Required(JsonElement parent, string at, string name, int maxLength = int.MaxValue)
    {
        var before = _errors.Count;
        var text = Text(parent, at, name, maxLength);
        if (string.IsNullOrWhiteSpace(text) && _errors.Count == before)
        {
            _errors.Add($"'{at}{name}' is missing or blank");
        }
        return text;
    }

    /// <param name="maxLength">In characters of Unicode.</param>
    private string Text(JsonElement parent, string at, string name, int maxLength = int.MaxValue)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return "";
        }
        if (value.ValueKind is not JsonValueKind.String)
        {
            _errors.Add($"'{at}{name}' must be a string, not {Kind(value)}");
            return "";
        }
        var text = value.GetString()!;
        if (text.Length > maxLength && text.EnumerateRunes().Count() is var length && length > maxLength)
        {
            _errors.Add($"'{at}{name}' is too long (maximum is {maxLength} characters, it has {length})");
        }
        return text;
    }

    /// <summary>A text as it is, anything else as JSON.</summary>
    private static string Json(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null ? ""
        : value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private string Entries(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return "";
        }
        if (value.ValueKind is not JsonValueKind.Array)
        {
            _errors.Add($"'{name}' must be an array, not {Kind(value)}");
            return "";
        }
        return value.GetArrayLength() == 0 ? "" : value.GetRawText();
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
