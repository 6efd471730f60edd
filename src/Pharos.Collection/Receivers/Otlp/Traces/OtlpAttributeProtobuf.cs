using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Reads attributes into a batch: opentelemetry/proto/common/v1, <c>KeyValue</c> and <c>AnyValue</c>. Nothing is allocated for one.</summary>
internal sealed class OtlpAttributeProtobuf(SpanBatch batch) : IDisposable
{
    private readonly Utf8Text _key = new();
    private readonly Utf8Text _value = new();
    private readonly NestedValueText _nested = new();

    /// <summary>Adds a <c>KeyValue</c> to what was begun last in the batch.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public void Read(ReadOnlySpan<byte> message)
    {
        ProtobufPair.Read(message, out var key, out var value);
        key = _key.Valid(key);
        var fields = new ProtobufReader(value);
        // One of several, of which the last counts; the others are walked, for they may be malformed.
        var content = ReadOnlySpan<byte>.Empty;
        var (last, bits) = (0, 0L);
        while (fields.Next(out var field))
        {
            Step(ref fields, field, ref last, ref content, ref bits);
        }
        switch (last)
        {
            case 1:
                batch.AddAttribute(key, AttributeKind.Text, _value.Valid(content));
                break;
            case 2:
                batch.AddAttribute(key, bits != 0);
                break;
            case 3:
                batch.AddAttribute(key, bits);
                break;
            case 4:
                batch.AddAttribute(key, BitConverter.Int64BitsToDouble(bits));
                break;
            case 5 or 6:
                _nested.Begin();
                WriteStructure(content, last == 6, 1);
                batch.AddAttribute(key, last == 6 ? AttributeKind.Map : AttributeKind.Array, _nested.End());
                break;
            case 7:
                batch.AddAttribute(key, AttributeKind.Bytes, content);
                break;
            default:
                batch.AddAttribute(key, AttributeKind.Empty, default);
                break;
        }
    }

    public void Dispose() => _nested.Dispose();

    private static void Step(ref ProtobufReader fields, int field, ref int last, ref ReadOnlySpan<byte> content, ref long bits)
    {
        switch (field)
        {
            case 1 or 5 or 6 or 7:
                content = fields.Bytes();
                break;
            case 2 or 3:
                bits = fields.Int64();
                break;
            case 4:
                bits = BitConverter.DoubleToInt64Bits(fields.Double());
                break;
            default:
                fields.Skip();
                return;
        }
        last = field;
    }

    private void WriteStructure(ReadOnlySpan<byte> message, bool isMap, int depth)
    {
        NestedValueText.CheckDepth(depth);
        var writer = _nested.Writer;
        if (isMap)
        {
            writer.WriteStartObject();
        }
        else
        {
            writer.WriteStartArray();
        }
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field != 1)
            {
                fields.Skip();
            }
            else if (isMap)
            {
                ProtobufPair.Read(fields.Bytes(), out var key, out var value);
                _nested.Key(key);
                WriteValue(value, depth);
            }
            else
            {
                WriteValue(fields.Bytes(), depth);
            }
        }
        if (isMap)
        {
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteEndArray();
        }
    }

    private void WriteValue(ReadOnlySpan<byte> message, int depth)
    {
        var fields = new ProtobufReader(message);
        var content = ReadOnlySpan<byte>.Empty;
        var (last, bits) = (0, 0L);
        while (fields.Next(out var field))
        {
            Step(ref fields, field, ref last, ref content, ref bits);
        }
        switch (last)
        {
            case 1:
                _nested.Text(content);
                break;
            case 2:
                _nested.Writer.WriteBooleanValue(bits != 0);
                break;
            case 3:
                _nested.Writer.WriteNumberValue(bits);
                break;
            case 4:
                _nested.Double(BitConverter.Int64BitsToDouble(bits));
                break;
            case 5 or 6:
                WriteStructure(content, last == 6, depth + 1);
                break;
            case 7:
                _nested.Writer.WriteBase64StringValue(content);
                break;
            default:
                _nested.Writer.WriteNullValue();
                break;
        }
    }
}
