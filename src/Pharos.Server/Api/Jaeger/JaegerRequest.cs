using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Jaeger.Search;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Jaeger;

/// <summary>One call of Jaeger's API with its parameters, refused in Jaeger's words where they are wrong.</summary>
/// <param name="tenant">Who asks.</param>
internal sealed class JaegerRequest(HttpContext context, string tenant, RequestValues values, TimeProvider time)
{
    private const long NsPerMicrosecond = 1_000;
    private const long NsPerMillisecond = 1_000_000;

    public HttpContext Context => context;

    public string Tenant => tenant;

    public CancellationToken Cancellation => context.RequestAborted;

    public long NowNs { get; } = NanosecondTime.Of(time.GetUtcNow());

    /// <summary>The first value, or the empty string.</summary>
    public string this[string name] => values[name];

    public bool Has(string name) => values.Has(name);

    public IReadOnlyList<string> All(string name) => values.All(name);

    public string Required(string name) => values[name] is { Length: > 0 } text ? text
        : throw JaegerRefusal.BadRequest($"parameter '{name}' is required");

    /// <summary>Microseconds since 1970.</summary>
    public long? Microseconds(string name) => Number(name) is { } number ? Scaled(number, NsPerMicrosecond) : null;

    /// <summary>Milliseconds since 1970, or a span of them.</summary>
    public long Milliseconds(string name, long otherwiseNs) => Number(name) is { } number ? Scaled(number, NsPerMillisecond) : otherwiseNs;

    /// <summary>Go's form: 1.2s, 100ms; 0 where it is missing.</summary>
    public long DurationNs(string name)
    {
        var text = values[name];
        return text.Length == 0 ? 0 : GoDurationText.TryParse(text, out var duration, out var error) ? duration
            : throw JaegerRefusal.BadRequest($"unable to parse param '{name}': {error}");
    }

    public bool Flag(string name) => values[name] is { Length: > 0 } text && ParseBool(text, error => $"unable to parse param '{name}': {error}");

    /// <summary>As Go's <c>strconv.ParseBool</c>.</summary>
    public static bool ParseBool(string text, Func<string, string> refusal) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw JaegerRefusal.BadRequest(refusal($"strconv.ParseBool: parsing {GoQuote.Quote(text)}: invalid syntax")),
    };

    /// <summary>As Go's <c>strconv.ParseInt</c>, in Go's words.</summary>
    /// <param name="most">The largest number that the type holds.</param>
    public static long ParseInt(string text, long most, Func<string, string> refusal)
    {
        var digits = text.AsSpan(text.Length > 0 && text[0] is '+' or '-' ? 1 : 0);
        var isNumber = digits.Length > 0 && digits.IndexOfAnyExceptInRange('0', '9') < 0;
        var isInRange = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number <= most && number >= -most - 1;
        return isNumber && isInRange ? number
            : throw JaegerRefusal.BadRequest(refusal(
                $"strconv.ParseInt: parsing {GoQuote.Quote(text)}: {(isNumber ? "value out of range" : "invalid syntax")}"));
    }

    /// <summary>Tags by name: <c>tag=key:value</c>, repeated, and <c>tags={"key":"value"}</c>.</summary>
    public IReadOnlyList<SearchTag> Tags()
    {
        var tags = new List<SearchTag>();
        foreach (var tag in values.All("tag"))
        {
            var colon = tag.IndexOf(':', StringComparison.Ordinal);
            Put(tags, colon >= 0 ? new SearchTag(tag[..colon], tag[(colon + 1)..])
                : throw JaegerRefusal.BadRequest($"malformed 'tag' parameter, expecting key:value, received: {tag}"));
        }
        foreach (var json in values.All("tags"))
        {
            foreach (var tag in TagsIn(json, "malformed 'tags' parameter, cannot unmarshal JSON"))
            {
                Put(tags, tag);
            }
        }
        return tags;
    }

    /// <summary>An object of texts.</summary>
    public static IEnumerable<SearchTag> TagsIn(string json, string refusal)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw JaegerRefusal.BadRequest($"{refusal}: {e.Message}");
        }
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Null)
            {
                return [];
            }
            return root.ValueKind == JsonValueKind.Object ? [.. root.EnumerateObject().Select(member => TagOf(member, refusal))]
                : throw JaegerRefusal.BadRequest($"{refusal}: json: cannot unmarshal {KindOf(root)} into Go value of type map[string]string");
        }
    }

    private static SearchTag TagOf(JsonProperty member, string refusal) => member.Value.ValueKind == JsonValueKind.String
        ? new SearchTag(member.Name, member.Value.GetString()!)
        : throw JaegerRefusal.BadRequest($"{refusal}: json: cannot unmarshal {KindOf(member.Value)} into Go value of type string");

    private static void Put(List<SearchTag> tags, SearchTag tag)
    {
        tags.RemoveAll(known => known.Key == tag.Key);
        tags.Add(tag);
    }

    private static string KindOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => "number",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    private long? Number(string name) => values[name] is { Length: > 0 } text
        ? ParseInt(text, long.MaxValue, error => $"unable to parse param '{name}': {error}") : null;

    /// <summary>What a long of nanoseconds cannot hold is cut to the farthest that it can.</summary>
    private static long Scaled(long number, long unitNs) => (long)Int128.Clamp((Int128)number * unitNs, long.MinValue, long.MaxValue);
}
