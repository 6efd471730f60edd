using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Reads the bodies of <c>POST silences</c> and its like, and their parts.</summary>
/// <exception cref="SchemaException">Thrown by every read for a body that the schema does not allow.</exception>
internal static class BodyReader
{
    /// <summary>As Alertmanager. It also keeps foreign web pages out: their forms cannot send this type.</summary>
    public static void RequireJson(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? "application/octet-stream";
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new SchemaException(
                415, $"unsupported media type {GoQuote.Quote(type)}, only [application/json] are allowed");
        }
    }

    /// <summary>The document; it is read while the body it stands in is held.</summary>
    public static JsonDocument Parse(RequestBody body)
    {
        try
        {
            return JsonDocument.Parse(GoText.Repair(body.Bytes));
        }
        catch (JsonException e)
        {
            throw new SchemaException(400, $"parsing body failed, because {e.Message}");
        }
    }

    public static Silence Silence(JsonElement body) => new()
    {
        Matchers = Matchers(body),
        Id = Text(body, "id", "silence") ?? "",
        StartsAt = Time(body, "startsAt", "silence") ?? throw new SchemaException(602, "silence.startsAt in body is required"),
        EndsAt = Time(body, "endsAt", "silence") ?? throw new SchemaException(602, "silence.endsAt in body is required"),
        CreatedBy = Text(body, "createdBy", "silence") ?? throw new SchemaException(602, "silence.createdBy in body is required"),
        Comment = Text(body, "comment", "silence") ?? throw new SchemaException(602, "silence.comment in body is required"),
        Annotations = body.TryGetProperty("annotations", out var annotations)
            ? LabelSet.From([.. Labels(annotations, "silence.annotations")]) : LabelSet.Empty,
    };

    /// <summary>Those of the body of a silence.</summary>
    public static IReadOnlyList<LabelMatcher> Matchers(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object)
        {
            throw new SchemaException(400, "parsing silence body failed, because it is not an object");
        }
        if (!body.TryGetProperty("matchers", out var matchers) || matchers.ValueKind is not JsonValueKind.Array)
        {
            throw new SchemaException(602, "silence.matchers in body is required");
        }
        if (matchers.GetArrayLength() == 0)
        {
            throw new SchemaException(612, "silence.matchers in body should have at least 1 items");
        }
        return [.. matchers.EnumerateArray().Select(Matcher)];
    }

    private static LabelMatcher Matcher(JsonElement item, int index)
    {
        var at = $"silence.matchers.{index}";
        if (item.ValueKind is not JsonValueKind.Object)
        {
            throw new SchemaException(400, $"parsing silence body failed, because {at} is not an object");
        }
        var name = Text(item, "name", at) ?? throw new SchemaException(602, $"{at}.name in body is required");
        var value = Text(item, "value", at) ?? throw new SchemaException(602, $"{at}.value in body is required");
        var isRegex = Flag(item, "isRegex", at) ?? throw new SchemaException(602, $"{at}.isRegex in body is required");
        var isEqual = Flag(item, "isEqual", at) ?? true;
        var type = (isRegex, isEqual) switch
        {
            (true, true) => MatchType.Regex,
            (true, false) => MatchType.NotRegex,
            (false, true) => MatchType.Equal,
            _ => MatchType.NotEqual,
        };
        try
        {
            return new LabelMatcher(type, name, value, dotMatchesNewline: false);
        }
        catch (GoRegexException e)
        {
            throw new SchemaException(400, $"invalid silence: invalid label matcher {index}: {e.Message}");
        }
    }

    public static IReadOnlyList<Label> Labels(JsonElement labels, string at)
    {
        if (labels.ValueKind is JsonValueKind.Null)
        {
            return [];
        }
        if (labels.ValueKind is not JsonValueKind.Object)
        {
            throw new SchemaException(601, $"{at} in body must be of type object");
        }
        return [.. labels.EnumerateObject().Select(label => label.Value.ValueKind is JsonValueKind.String
            ? new Label(label.Name, label.Value.GetString()!)
            : throw new SchemaException(601, $"{at}.{label.Name} in body must be of type string"))];
    }

    public static string? Text(JsonElement parent, string name, string at)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind is JsonValueKind.String ? value.GetString()
            : throw new SchemaException(601, $"{at}.{name} in body must be of type string");
    }

    private static bool? Flag(JsonElement parent, string name, string at)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw new SchemaException(601, $"{at}.{name} in body must be of type boolean");
    }

    /// <summary>Null where the time is missing or Go's zero time, which senders use for "not set".</summary>
    public static DateTimeOffset? Time(JsonElement parent, string name, string at)
    {
        return Time(Text(parent, name, at), $"{at}.{name}");
    }

    /// <summary>The same, of a text that may be missing.</summary>
    public static DateTimeOffset? Time(string? text, string at)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            throw new SchemaException(601, $"{at} in body must be of type date-time: {GoQuote.Quote(text)}");
        }
        return time.Year <= 1 ? null : time.ToUniversalTime();
    }
}
