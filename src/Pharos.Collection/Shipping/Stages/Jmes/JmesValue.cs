using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>Values that expressions work on: null, bool, double, string; lists and objects as JSON or as made by an expression.</summary>
internal static class JmesValue
{
    /// <summary>Scalars leave their JSON, lists and objects stay in it.</summary>
    public static object? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Object or JsonValueKind.Array => json,
        _ => null,
    };

    public static object? Member(object? value, string name) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json => json.TryGetProperty(name, out var found) ? Of(found) : null,
        IReadOnlyDictionary<string, object?> made => made.GetValueOrDefault(name),
        _ => null,
    };

    /// <summary>The items of a list, or null where the value is none.</summary>
    public static IReadOnlyList<object?>? Items(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } json => [.. json.EnumerateArray().Select(Of)],
        IReadOnlyList<object?> made => made,
        _ => null,
    };

    /// <summary>The members of an object, or null where the value is none.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>>? Members(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json =>
            [.. json.EnumerateObject().Select(static member => new KeyValuePair<string, object?>(member.Name, Of(member.Value)))],
        IReadOnlyDictionary<string, object?> made => [.. made],
        _ => null,
    };

    /// <summary>False are null, false, and everything empty.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        double => true,
        _ => Items(value) is { } items ? items.Count > 0 : Members(value) is not { Count: 0 },
    };

    public static new bool Equals(object? left, object? right)
    {
        if (Items(left) is { } items)
        {
            return Items(right) is { } others && items.Count == others.Count && items.Zip(others).All(static pair => Equals(pair.First, pair.Second));
        }
        if (Members(left) is { } members)
        {
            return Members(right) is { } others && members.Count == others.Count
                && members.All(member => others.Any(other => other.Key == member.Key && Equals(other.Value, member.Value)));
        }
        return object.Equals(left, right);
    }

    public static string TypeName(object? value) => value switch
    {
        null => "null",
        bool => "boolean",
        double => "number",
        string => "string",
        JmesNode => "expref",
        _ => Items(value) is not null ? "array" : "object",
    };

    /// <summary>As JSON text, members in the order they have.</summary>
    public static string Json(object? value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, value);
        }
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or JmesNode:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case double number:
                writer.WriteRawValue(ExtractedValue.Text(number)!, skipInputValidation: true);
                break;
            default:
                WriteMany(writer, value);
                break;
        }
    }

    private static void WriteMany(Utf8JsonWriter writer, object value)
    {
        if (Items(value) is { } items)
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                Write(writer, item);
            }
            writer.WriteEndArray();
            return;
        }
        writer.WriteStartObject();
        // Sorted, as Go writes its maps.
        foreach (var (name, member) in (Members(value) ?? []).OrderBy(static member => member.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Write(writer, member);
        }
        writer.WriteEndObject();
    }
}
