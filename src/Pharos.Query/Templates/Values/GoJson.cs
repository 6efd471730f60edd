using System.Buffers;
using System.Globalization;
using System.Text;
using Pharos.Query.Templates.Functions;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Values;

/// <summary>JSON as Go's <c>encoding/json</c> writes it: <c>&lt; &gt; &amp;</c> escaped, maps in the order of their
/// keys, characters outside ASCII as they are.</summary>
public static class GoJson
{
    /// <summary>What is not written as it is: control characters, what Go escapes for HTML and JavaScript, and halves of a pair.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Concat([.. "\"\\<>&\u2028\u2029"]).Concat(Enumerable.Range(0xd800, 0x800)).Select(static c => (char)c)]);

    public static void AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Special) is var plain && plain >= 0)
        {
            json.Append(rest[..plain]);
            Rune.DecodeFromUtf16(rest[plain..], out var rune, out var length);
            AppendSpecial(json, rune);
            rest = rest[(plain + length)..];
        }
        json.Append(rest).Append('"');
    }

    private static void AppendSpecial(StringBuilder json, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': json.Append("\\\""); break;
            case '\\': json.Append("\\\\"); break;
            case '\n': json.Append("\\n"); break;
            case '\r': json.Append("\\r"); break;
            case '\t': json.Append("\\t"); break;
            case '\b': json.Append("\\b"); break;
            case '\f': json.Append("\\f"); break;
            case < 32 or '<' or '>' or '&' or 0x2028 or 0x2029:
                json.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                break;
            default: json.Append(rune.ToString()); break;
        }
    }

    /// <summary>RFC 3339 with as many digits of the second as are not zero.</summary>
    public static string Time(DateTimeOffset time)
    {
        // Nearly all are UTC, and twenty of them are in each message of ten alerts.
        return time.Offset == TimeSpan.Zero
            ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
            : GoTimeLayout.Format(new ZonedTime(time, null), "2006-01-02T15:04:05.999999999Z07:00");
    }

    public static void Append(StringBuilder json, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.None: json.Append("null"); break;
            case TemplateKind.Bool: json.Append(value.Bool ? "true" : "false"); break;
            case TemplateKind.Integer: json.Append(value.Integer); break;
            case TemplateKind.Float when double.IsFinite(value.Float):
                json.Append(GoFloat.FormatJson(value.Float).Replace("e-0", "e-", StringComparison.Ordinal));
                break;
            case TemplateKind.Float:
                throw new TemplateException("json: unsupported value: " + GoFloat.FormatG(value.Float));
            case TemplateKind.List: AppendList(json, value.List); break;
            case TemplateKind.Map: AppendMap(json, value.Map); break;
            case TemplateKind.Object when value.Object.Host is ZonedTime time:
                AppendText(json, Time(time.Time));
                break;
            case TemplateKind.Object: AppendObject(json, value.Object); break;
            default: AppendText(json, value.Text); break;
        }
    }

    private static void AppendList(StringBuilder json, TemplateList list)
    {
        json.Append('[');
        for (var i = 0; i < list.Items.Count; i++)
        {
            json.Append(i > 0 ? "," : "");
            Append(json, list.Items[i]);
        }
        json.Append(']');
    }

    private static void AppendMap(StringBuilder json, TemplateMap map)
    {
        json.Append('{');
        var first = true;
        foreach (var (key, value) in map.Entries)
        {
            json.Append(first ? "" : ",");
            first = false;
            AppendText(json, key);
            json.Append(':');
            Append(json, value);
        }
        json.Append('}');
    }

    private static void AppendObject(StringBuilder json, TemplateObject value)
    {
        json.Append('{');
        var first = true;
        foreach (var (name, get) in value.Type.Fields)
        {
            json.Append(first ? "" : ",");
            first = false;
            AppendText(json, value.Type.JsonLowersNames ? char.ToLowerInvariant(name[0]) + name[1..] : name);
            json.Append(':');
            Append(json, get(value.Host));
        }
        json.Append('}');
    }
}
