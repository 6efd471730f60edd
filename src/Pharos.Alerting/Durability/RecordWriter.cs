using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Durability;

/// <summary>Writes a record of the state as <see cref="StateJson"/> reads it, member by member, into a buffer that its thread keeps.</summary>
/// <remarks>For what is written by the thousand at once: the serializer takes several times as long, most of it to be compiled.</remarks>
internal sealed class RecordWriter
{
    private const int FirstSizeBytes = 4 * 1024;
    private const int MaxKeptBytes = 512 * 1024;

    [ThreadStatic]
    private static RecordWriter? _kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(FirstSizeBytes);

    // Payloads are full of quotes, which the usual encoder makes six bytes each.
    private RecordWriter() => Json = new Utf8JsonWriter(
        _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public Utf8JsonWriter Json { get; }

    /// <summary>The thread's own, until <see cref="Finish"/>.</summary>
    public static RecordWriter Begin()
    {
        var writer = _kept ?? new RecordWriter();
        _kept = null;
        return writer;
    }

    public byte[] Finish()
    {
        Json.Flush();
        var record = _buffer.WrittenSpan.ToArray();
        _buffer.ResetWrittenCount();
        Json.Reset();
        _kept = _buffer.Capacity <= MaxKeptBytes ? this : null;
        return record;
    }

    public void Write(ReadOnlySpan<byte> name, LabelSet labels)
    {
        Json.WriteStartObject(name);
        foreach (var label in labels.Span)
        {
            Json.WriteString(label.Name, label.Value);
        }
        Json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> labels)
    {
        Json.WriteStartObject(name);
        foreach (var (label, value) in labels)
        {
            Json.WriteString(label, value);
        }
        Json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> name, ulong[] numbers)
    {
        Json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            Json.WriteNumberValue(number);
        }
        Json.WriteEndArray();
    }
}
