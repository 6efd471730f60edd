using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Reads the values that both of Zipkin's JSON formats have; each steps from the key, where the reader stands, to what it reads.</summary>
/// <exception cref="InvalidDataException">Thrown where a value is of another kind than belongs there.</exception>
internal static class ZipkinJsonValues
{
    /// <summary>Reads one array of objects, and nothing behind it.</summary>
    /// <param name="read">Called on the beginning of each object; leaves the reader on its end.</param>
    public static void ReadArray(ReadOnlySpan<byte> text, ObjectReading read)
    {
        if (text.IsEmpty)
        {
            throw new InvalidDataException("unexpected end of JSON input");
        }
        try
        {
            var json = new Utf8JsonReader(text);
            Expect(Value(ref json), JsonTokenType.StartArray, "a list of spans");
            ReadUntilEnd(ref json, "a span", read);
            if (json.Read())
            {
                throw new InvalidDataException("there is more behind the list of spans");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is no JsonException.
            throw new InvalidDataException($"the list of spans is no valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Reads the objects of an array; null is an empty array, and no object.</summary>
    public static void ReadItems(ref Utf8JsonReader json, string what, ObjectReading read)
    {
        if (Value(ref json) != JsonTokenType.Null)
        {
            Expect(json.TokenType, JsonTokenType.StartArray, $"a list, each of them {what},");
            ReadUntilEnd(ref json, what, read);
        }
    }

    /// <summary>Steps to the next key of an object; false at its end.</summary>
    public static bool Key(ref Utf8JsonReader json) => Value(ref json) == JsonTokenType.PropertyName;

    /// <summary>Steps to what comes next.</summary>
    public static JsonTokenType Value(ref Utf8JsonReader json) =>
        json.Read() ? json.TokenType : throw new InvalidDataException("unexpected end of JSON input");

    /// <summary>Reads a member that both formats have; false where the key is of another one.</summary>
    public static bool TryRead(ref Utf8JsonReader json, IZipkinSpan into)
    {
        if (json.ValueTextEquals("traceId"u8))
        {
            into.TraceId = ZipkinIds.Trace(Text(ref json, "traceId"));
        }
        else if (json.ValueTextEquals("id"u8))
        {
            into.Id = ZipkinIds.Span(Text(ref json, "id"), "id");
        }
        else if (json.ValueTextEquals("parentId"u8))
        {
            var parent = Text(ref json, "parentId");
            into.ParentId = parent.Length == 0 ? 0 : ZipkinIds.Span(parent, "parentId");
        }
        else if (json.ValueTextEquals("name"u8))
        {
            into.Name = Text(ref json, "name");
        }
        else if (json.ValueTextEquals("timestamp"u8))
        {
            into.TimestampUs = Micros(ref json, "timestamp");
        }
        else if (json.ValueTextEquals("duration"u8))
        {
            into.DurationUs = Micros(ref json, "duration");
        }
        else if (json.ValueTextEquals("debug"u8))
        {
            into.Debug = Bool(ref json, "debug");
        }
        else
        {
            return false;
        }
        return true;
    }

    /// <summary>Text; empty for null.</summary>
    public static string Text(ref Utf8JsonReader json, string name) => Value(ref json) switch
    {
        JsonTokenType.String => json.GetString()!,
        JsonTokenType.Null => "",
        _ => throw new InvalidDataException($"{name} is no text"),
    };

    public static bool Bool(ref Utf8JsonReader json, string name) => Value(ref json) switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw new InvalidDataException($"{name} is neither true nor false"),
    };

    /// <summary>A whole number, as such or in quotes; 0 for null and for what is negative.</summary>
    public static long Micros(ref Utf8JsonReader json, string name)
    {
        switch (Value(ref json))
        {
            case JsonTokenType.Null:
                return 0;
            case JsonTokenType.Number when json.TryGetInt64(out var whole):
                return Math.Max(0, whole);
            case JsonTokenType.Number when json.TryGetDouble(out var number) && double.IsInteger(number):
                return (long)Math.Clamp(number, 0, long.MaxValue);
            case JsonTokenType.String when long.TryParse(json.GetString(), out var quoted):
                return Math.Max(0, quoted);
            default:
                throw new InvalidDataException($"{name} is no whole number of microseconds");
        }
    }

    /// <summary><c>{"serviceName":"a","ipv4":"10.0.0.1","ipv6":"::1","port":80}</c></summary>
    public static ZipkinEndpoint Endpoint(ref Utf8JsonReader json, string name)
    {
        if (Value(ref json) == JsonTokenType.Null)
        {
            return ZipkinEndpoint.None;
        }
        Expect(json.TokenType, JsonTokenType.StartObject, name);
        var endpoint = ZipkinEndpoint.None;
        while (Key(ref json))
        {
            if (json.ValueTextEquals("serviceName"u8))
            {
                endpoint = endpoint with { ServiceName = Text(ref json, "serviceName") };
            }
            else if (json.ValueTextEquals("ipv4"u8))
            {
                endpoint = endpoint with { Ipv4 = Address(ref json, "ipv4", AddressFamily.InterNetwork) };
            }
            else if (json.ValueTextEquals("ipv6"u8))
            {
                endpoint = endpoint with { Ipv6 = Address(ref json, "ipv6", AddressFamily.InterNetworkV6) };
            }
            else if (json.ValueTextEquals("port"u8))
            {
                endpoint = endpoint with { Port = Port(ref json) };
            }
            else
            {
                json.Skip();
            }
        }
        return endpoint;
    }

    public static void Expect(JsonTokenType found, JsonTokenType expected, string what)
    {
        if (found != expected)
        {
            throw new InvalidDataException($"{what} belongs where {Word(found)} stands");
        }
    }

    private static void ReadUntilEnd(ref Utf8JsonReader json, string what, ObjectReading read)
    {
        while (Value(ref json) != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Null)
            {
                Expect(json.TokenType, JsonTokenType.StartObject, what);
                read(ref json);
            }
        }
    }

    private static IPAddress? Address(ref Utf8JsonReader json, string name, AddressFamily family)
    {
        var text = Text(ref json, name);
        return text.Length == 0 ? null
            : IPAddress.TryParse(text, out var address) && (address.AddressFamily == family || family == AddressFamily.InterNetworkV6) ? address
            : throw new InvalidDataException($"wrong {name}");
    }

    private static int Port(ref Utf8JsonReader json) => Value(ref json) switch
    {
        JsonTokenType.Null => 0,
        JsonTokenType.Number when json.TryGetInt32(out var port) && port is >= short.MinValue and <= ushort.MaxValue => (ushort)port,
        _ => throw new InvalidDataException("port is no port"),
    };

    private static string Word(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "something else",
    };
}
