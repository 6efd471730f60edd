using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Reads the bodies of <c>POST silences</c> and its like, and their parts.</summary>
/// <exception cref="SchemaException">Thrown by every read for a body that the schema does not allow.</exception>
internal static partial class BodyReader
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

    /// <summary>The document.</summary>
    /// <param name="required">As Alertmanager names the body where there is none.</param>
    public static JsonDocument Parse(JsonBody body, string? required = null)
    {
        if (body.Bytes.IsEmpty && required is not null)
        {
            throw new SchemaException(602, $"{required} in body is required");
        }
        try
        {
            // What follows the document nobody reads, as at Alertmanager.
            var reader = new Utf8JsonReader(GoText.Repair(body.Bytes).Span);
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            throw new SchemaException(400, $"parsing body failed, because {e.Message}");
        }
    }

    /// <remarks>What is missing is told in Alertmanager's order.</remarks>
    public static Silence Silence(JsonElement body) => new()
    {
        Comment = Required(RequireObject(body), "comment"),
        CreatedBy = Required(body, "createdBy"),
        EndsAt = RequiredTime(body, "endsAt"),
        Matchers = Matchers(body),
        StartsAt = RequiredTime(body, "startsAt"),
        Id = Text(body, "id", "silence") ?? "",
        Annotations = TryFind(body, "annotations", out var annotations)
            ? LabelSet.From([.. Labels(annotations, "silence.annotations")]) : LabelSet.Empty,
    };

    /// <summary>Those of the body of a silence.</summary>
    public static IReadOnlyList<LabelMatcher> Matchers(JsonElement body)
    {
        if (!TryFind(RequireObject(body), "matchers", out var matchers) || matchers.ValueKind is JsonValueKind.Null)
        {
            throw new SchemaException(602, "matchers in body is required");
        }
        if (matchers.ValueKind is not JsonValueKind.Array)
        {
            throw new SchemaException(400, "silence.matchers in body must be of type array");
        }
        if (matchers.GetArrayLength() == 0)
        {
            throw new SchemaException(612, "matchers in body should have at least 1 items");
        }
        return [.. matchers.EnumerateArray().Select(Matcher)];
    }

    private static LabelMatcher Matcher(JsonElement item, int index)
    {
        var at = $"matchers.{index}";
        if (item.ValueKind is not JsonValueKind.Object)
        {
            throw new SchemaException(400, $"parsing silence body failed, because {at} is not an object");
        }
        var isRegex = Flag(item, "isRegex", at) ?? throw new SchemaException(602, $"{at}.isRegex in body is required");
        var name = Text(item, "name", at) ?? throw new SchemaException(602, $"{at}.name in body is required");
        var value = Text(item, "value", at) ?? throw new SchemaException(602, $"{at}.value in body is required");
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
            var problem = $"invalid silence: invalid label matcher {index}: invalid regular expression {GoQuote.Quote(value)}: {e.Message}";
            throw new SchemaException(400, problem) { IsRefusal = true };
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
            throw new SchemaException(400, $"{at} in body must be of type object");
        }
        return [.. labels.EnumerateObject().Select(label => label.Value.ValueKind switch
        {
            JsonValueKind.String => new Label(label.Name, label.Value.GetString()!),
            JsonValueKind.Null => new Label(label.Name, ""),
            _ => throw new SchemaException(400, $"{at}.{label.Name} in body must be of type string"),
        })];
    }

    private static JsonElement RequireObject(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Object => body,
        JsonValueKind.Null => throw new SchemaException(602, "comment in body is required"),
        _ => throw new SchemaException(400, "parsing silence body failed, because it is not an object"),
    };

    private static string Required(JsonElement body, string name) =>
        Text(body, name, "silence") ?? throw new SchemaException(602, $"{name} in body is required");

    /// <summary>A time that is there but empty, or Go's zero time, is the beginning of all time, which is past.</summary>
    private static DateTimeOffset RequiredTime(JsonElement body, string name)
    {
        Required(body, name);
        return Time(body, name, "silence") ?? DateTimeOffset.UnixEpoch;
    }

    /// <summary>What a request may ask for: an address with its scheme, or a path from the root.</summary>
    public static string Url(string text, string at) => text.Length == 0 || RequestUrl().IsMatch(text) ? text
        : throw new SchemaException(601, $"{at} in body must be of type uri: {GoQuote.Quote(text)}");

    /// <summary>Without regard to case, as Go reads; of several the last counts.</summary>
    private static bool TryFind(JsonElement parent, string name, out JsonElement value)
    {
        value = default;
        foreach (var member in parent.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = member.Value;
            }
        }
        return value.ValueKind is not JsonValueKind.Undefined;
    }

    public static string? Text(JsonElement parent, string name, string at)
    {
        if (!TryFind(parent, name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind is JsonValueKind.String ? value.GetString()
            : throw new SchemaException(400, $"{at}.{name} in body must be of type string");
    }

    private static bool? Flag(JsonElement parent, string name, string at)
    {
        if (!TryFind(parent, name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw new SchemaException(400, $"{at}.{name} in body must be of type boolean");
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
        if (!IsWrittenAsAllowed(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            throw new SchemaException(400, $"{at} in body must be of type date-time: {GoQuote.Quote(text)}");
        }
        return time.Year <= 1 ? null : time.ToUniversalTime();
    }

    /// <summary>The forms of go-openapi: a date, and behind a T a time with seconds, fractions and zone as far as they are there; a space in
    /// place of the T only without zone. What .NET would guess beyond that is another time than the sender's.</summary>
    private static bool IsWrittenAsAllowed(string text) =>
        (text.Length > 18 && text[10] == 'T' && text[4] == '-' && text[13] == ':' && text[16] == ':' && HasZone(text.AsSpan(19)))
        || ShortTime().IsMatch(text);

    private static bool HasZone(ReadOnlySpan<char> behindSeconds)
    {
        if (behindSeconds is [',' or '.', ..])
        {
            var digits = behindSeconds[1..].IndexOfAnyExceptInRange('0', '9');
            behindSeconds = digits < 0 ? [] : behindSeconds[(digits + 1)..];
        }
        return behindSeconds is [] or "Z" or ['+' or '-', _, _, ':', _, _];
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d(T\d\d:\d\dZ?| \d\d:\d\d:\d\d)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ShortTime();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*:|/)([^\x00-\x1f\x7f%]|%[0-9A-Fa-f]{2})*([?#][^\x00-\x1f\x7f]*)?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RequestUrl();
}
