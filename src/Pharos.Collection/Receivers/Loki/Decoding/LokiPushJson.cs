using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>Reads a push in JSON straight from its bytes.</summary>
/// <remarks>Two forms, that of today and that of the path <c>/api/prom/push</c>, key by key in any order:
/// <code>
/// {"streams":[{"stream":{"job":"a"},"values":[["1700000000000000000","line",{"trace_id":"1"}]]}]}
/// {"streams":[{"labels":"{job=\"a\"}","entries":[{"ts":"2023-11-14T22:13:20Z","line":"line"}]}]}
/// </code>
/// Not thread-safe. Unknown keys are stepped over.</remarks>
public sealed class LokiPushJson
{
    private readonly JsonString _quoted = new();
    private readonly Utf8Text _labels = new();
    private readonly Utf8Text _line = new();
    private readonly Utf8Text _name = new();
    private readonly Utf8Text _value = new();

    /// <exception cref="InvalidDataException">The text is no such push; what was found before stands in the sink.</exception>
    public void Read(ReadOnlySpan<byte> text, ILokiPushSink sink)
    {
        try
        {
            var push = new JsonCursor(text);
            Step(ref push.Json);
            Expect(push.Json.TokenType, JsonTokenType.StartObject, "the push");
            while (Key(ref push.Json))
            {
                if (push.Json.ValueTextEquals("streams"u8))
                {
                    Step(ref push.Json);
                    ReadStreams(ref push, sink);
                }
                else
                {
                    push.Json.Skip();
                }
            }
            if (push.Json.Read())
            {
                throw new InvalidDataException("there is more behind the push's JSON object");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A name with half of a surrogate pair cannot be compared with others, and the reader says so by InvalidOperationException.
            throw new InvalidDataException($"the push is no valid JSON: {FaultOf(text) ?? e.Message}", e);
        }
    }

    /// <summary>What a reader that goes over the whole text says of it, with the right place.</summary>
    private static string? FaultOf(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            while (json.Read())
            {
            }
            return null;
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }

    private void ReadStreams(ref JsonCursor push, ILokiPushSink sink)
    {
        if (push.Json.TokenType is JsonTokenType.Null)
        {
            return;
        }
        Expect(push.Json.TokenType, JsonTokenType.StartArray, "streams");
        while (Item(ref push.Json))
        {
            Expect(push.Json.TokenType, JsonTokenType.StartObject, "a stream");
            ReadStream(ref push, sink);
        }
    }

    private void ReadStream(ref JsonCursor push, ILokiPushSink sink)
    {
        var begun = false;
        // Entries may stand before the labels that they belong to: they are read then.
        var waiting = push;
        var hasWaiting = false;
        ref var json = ref push.Json;
        while (Key(ref json))
        {
            if (json.ValueTextEquals("stream"u8))
            {
                Step(ref json);
                Expect(json.TokenType, JsonTokenType.StartObject, "stream");
                var start = push.TokenStart;
                json.Skip();
                sink.BeginStream(push.Text[start..push.Position], StreamTextForm.JsonObject);
                begun = true;
            }
            else if (json.ValueTextEquals("labels"u8))
            {
                Step(ref json);
                Expect(json.TokenType, JsonTokenType.String, "labels");
                sink.BeginStream(Text(in json, _labels), StreamTextForm.Selector);
                begun = true;
            }
            else if (json.ValueTextEquals("values"u8) || json.ValueTextEquals("entries"u8))
            {
                Step(ref json);
                if (begun)
                {
                    ReadEntries(ref push, sink);
                }
                else
                {
                    waiting = push;
                    hasWaiting = true;
                    json.Skip();
                }
            }
            else
            {
                json.Skip();
            }
        }
        if (hasWaiting)
        {
            if (!begun)
            {
                sink.BeginStream("{}"u8, StreamTextForm.JsonObject);
            }
            ReadEntries(ref waiting, sink);
        }
    }

    private void ReadEntries(ref JsonCursor push, ILokiPushSink sink)
    {
        ref var json = ref push.Json;
        if (json.TokenType is JsonTokenType.Null)
        {
            return;
        }
        Expect(json.TokenType, JsonTokenType.StartArray, "values");
        while (Item(ref json))
        {
            if (json.TokenType is JsonTokenType.StartArray)
            {
                if (ReadArrayEntry(ref json, sink))
                {
                    ReadPlainEntries(ref push, sink);
                }
            }
            else
            {
                Expect(json.TokenType, JsonTokenType.StartObject, "an entry");
                ReadObjectEntry(ref json, sink);
            }
        }
    }

    /// <summary>Reads on behind an entry for as long as entries look as most clients write them: <c>,["1700000000000000000","line"]</c>.</summary>
    private void ReadPlainEntries(ref JsonCursor push, ILokiPushSink sink)
    {
        var text = push.Text;
        var read = push.Position;
        while (text[read..].StartsWith(",[\""u8)
            && Utf8Parser.TryParse(text[(read + 3)..], out long timeNs, out var digits)
            && text[(read + 3 + digits)..].StartsWith("\",\""u8)
            && _quoted.Read(text, read + 3 + digits + 3, out var line) is var end and > 0
            && text[end] == ']')
        {
            sink.BeginEntry(timeNs, line);
            sink.EndEntry();
            read = end + 1;
        }
        if (read > push.Position)
        {
            push.GoOnAt(read);
        }
    }

    /// <summary><c>["1700000000000000000", "line", {"trace_id": "1"}]</c></summary>
    /// <returns>Whether it has time and line and nothing else.</returns>
    private bool ReadArrayEntry(ref Utf8JsonReader json, ILokiPushSink sink)
    {
        if (!Item(ref json))
        {
            throw new InvalidDataException("an entry has neither time nor line");
        }
        var timeNs = Time(in json);
        if (!Item(ref json) || json.TokenType is not JsonTokenType.String)
        {
            throw new InvalidDataException("an entry's line is no text");
        }
        sink.BeginEntry(timeNs, Text(in json, _line));
        var isPlain = !Item(ref json);
        if (!isPlain)
        {
            ReadMetadata(ref json, sink);
            while (Item(ref json))
            {
                json.Skip();
            }
        }
        sink.EndEntry();
        return isPlain;
    }

    private void ReadObjectEntry(ref Utf8JsonReader json, ILokiPushSink sink)
    {
        long? timeNs = null;
        ReadOnlySpan<byte> line = default;
        var hasLine = false;
        var metadata = json;
        var hasMetadata = false;
        while (Key(ref json))
        {
            if (json.ValueTextEquals("ts"u8) || json.ValueTextEquals("timestamp"u8))
            {
                Step(ref json);
                timeNs = Time(in json);
            }
            else if (json.ValueTextEquals("line"u8))
            {
                Step(ref json);
                Expect(json.TokenType, JsonTokenType.String, "line");
                line = Text(in json, _line);
                hasLine = true;
            }
            else if (json.ValueTextEquals("structuredMetadata"u8))
            {
                Step(ref json);
                metadata = json;
                hasMetadata = true;
                json.Skip();
            }
            else
            {
                json.Skip();
            }
        }
        if (timeNs is not { } time || !hasLine)
        {
            throw new InvalidDataException("an entry lacks its time or its line");
        }
        sink.BeginEntry(time, line);
        if (hasMetadata)
        {
            ReadMetadata(ref metadata, sink);
        }
        sink.EndEntry();
    }

    private void ReadMetadata(ref Utf8JsonReader json, ILokiPushSink sink)
    {
        if (json.TokenType is JsonTokenType.Null)
        {
            return;
        }
        Expect(json.TokenType, JsonTokenType.StartObject, "structured metadata");
        while (json.Read() && json.TokenType is not JsonTokenType.EndObject)
        {
            var name = Text(in json, _name);
            Step(ref json);
            if (json.TokenType is not JsonTokenType.String)
            {
                throw new InvalidDataException($"the structured metadata {GoQuote.Quote(Encoding.UTF8.GetString(name))} is no text");
            }
            sink.Metadata(name, Text(in json, _value));
        }
    }

    private static long Time(in Utf8JsonReader json)
    {
        var text = json.ValueSpan;
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Number
            && Utf8Parser.TryParse(text, out long timeNs, out var used) && used == text.Length)
        {
            return timeNs;
        }
        // The old form's times are those of RFC 3339.
        return json.TokenType is JsonTokenType.String && NanosecondTime.TryParse(Encoding.UTF8.GetString(text), out timeNs) ? timeNs
            : throw new InvalidDataException($"{GoQuote.Quote(Encoding.UTF8.GetString(text))} is no time of an entry");
    }

    private static ReadOnlySpan<byte> Text(scoped in Utf8JsonReader json, Utf8Text room) =>
        json.ValueIsEscaped ? room.Unescaped(json.ValueSpan) : room.Valid(json.ValueSpan);

    /// <summary>Steps to the next key of the object; false at its end.</summary>
    private static bool Key(ref Utf8JsonReader json)
    {
        Step(ref json);
        return json.TokenType is JsonTokenType.PropertyName;
    }

    /// <summary>Steps to the next item of the array; false at its end.</summary>
    private static bool Item(ref Utf8JsonReader json)
    {
        Step(ref json);
        return json.TokenType is not JsonTokenType.EndArray;
    }

    private static void Step(ref Utf8JsonReader json)
    {
        if (!json.Read())
        {
            throw new InvalidDataException("the push ends early");
        }
    }

    private static void Expect(JsonTokenType found, JsonTokenType wanted, string what)
    {
        if (found != wanted)
        {
            throw new InvalidDataException($"{what}: expected {wanted} where {found} stands");
        }
    }
}
