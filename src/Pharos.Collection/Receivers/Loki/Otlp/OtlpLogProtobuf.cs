using System.Text;
using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Collection.Receivers.Otlp;

namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>Reads <c>ExportLogsServiceRequest</c> from protobuf, record by record.</summary>
/// <remarks>opentelemetry/proto/collector/logs/v1 and opentelemetry/proto/logs/v1. A resource's and a scope's own fields are read before
/// their records, wherever they stand.</remarks>
internal sealed class OtlpLogProtobuf(OtlpLogWriter writer)
{
    private readonly OtlpLogRecord _record = new();
    private readonly Utf8Text _line = new();

    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public void Read(ReadOnlySpan<byte> message)
    {
        var request = new ProtobufReader(message);
        while (request.Next(out var field))
        {
            if (field == 1)
            {
                ReadResource(request.Bytes());
            }
            else
            {
                request.Skip();
            }
        }
    }

    private void ReadResource(ReadOnlySpan<byte> message)
    {
        var attributes = new List<(string, object?)>();
        var dropped = 0UL;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                ReadAttributes(fields.Bytes(), 1, 2, attributes, ref dropped);
            }
            else
            {
                fields.Skip();
            }
        }
        writer.BeginResource(attributes, dropped);
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                ReadScope(fields.Bytes());
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadScope(ReadOnlySpan<byte> message)
    {
        var (name, version) = ("", "");
        var attributes = new List<(string, object?)>();
        var dropped = 0UL;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field != 1)
            {
                fields.Skip();
                continue;
            }
            var scope = fields.Bytes();
            ReadAttributes(scope, 3, 4, attributes, ref dropped);
            var inner = new ProtobufReader(scope);
            while (inner.Next(out var part))
            {
                switch (part)
                {
                    case 1:
                        name = inner.Text();
                        break;
                    case 2:
                        version = inner.Text();
                        break;
                    default:
                        inner.Skip();
                        break;
                }
            }
        }
        writer.BeginScope(name, version, attributes, dropped);
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                ReadRecord(fields.Bytes());
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadRecord(ReadOnlySpan<byte> message)
    {
        _record.Clear();
        var body = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    _record.TimeNs = fields.Fixed64();
                    break;
                case 2:
                    _record.SeverityNumber = fields.Int64();
                    break;
                case 3:
                    _record.SeverityText = fields.Text();
                    break;
                case 5:
                    body = fields.Bytes();
                    break;
                case 6:
                    _record.Attributes.Add(OtlpValueProtobuf.ReadPair(fields.Bytes()));
                    break;
                case 7:
                    _record.DroppedAttributes = fields.UInt64();
                    break;
                case 8:
                    _record.Flags = fields.Fixed32();
                    break;
                case 9:
                    _record.TraceId = Hexadecimal(fields.Bytes());
                    break;
                case 10:
                    _record.SpanId = Hexadecimal(fields.Bytes());
                    break;
                case 11:
                    _record.ObservedNs = fields.Fixed64();
                    break;
                case 12:
                    _record.EventName = fields.Text();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        writer.Write(_record, Line(body));
    }

    /// <summary>A text without a copy of it, which most bodies are; anything else as the collector prints it.</summary>
    private ReadOnlySpan<byte> Line(ReadOnlySpan<byte> body)
    {
        var fields = new ProtobufReader(body);
        if (fields.Next(out var field) && field == 1)
        {
            var text = fields.Bytes();
            if (fields.IsAtEnd)
            {
                return _line.Valid(text);
            }
        }
        return Encoding.UTF8.GetBytes(AttributeText.Of(OtlpValueProtobuf.ReadValue(body)));
    }

    private static void ReadAttributes(
        ReadOnlySpan<byte> message, int attributesField, int droppedField, List<(string, object?)> into, ref ulong dropped)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == attributesField)
            {
                into.Add(OtlpValueProtobuf.ReadPair(fields.Bytes()));
            }
            else if (field == droppedField)
            {
                dropped = fields.UInt64();
            }
            else
            {
                fields.Skip();
            }
        }
    }

    /// <summary>An id of nothing but zeros is none.</summary>
    private static string Hexadecimal(ReadOnlySpan<byte> id) => id.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(id) : "";
}
