using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>Reads a push in protobuf straight from its bytes.</summary>
/// <remarks>pkg/push/push.proto of Loki:
/// <code>
/// PushRequest  { repeated Stream streams = 1; }
/// Stream       { string labels = 1; repeated Entry entries = 2; uint64 hash = 3; }
/// Entry        { Timestamp timestamp = 1; string line = 2; repeated LabelPair structuredMetadata = 3; }
/// LabelPair    { string name = 1; string value = 2; }
/// </code>
/// Not thread-safe.</remarks>
public sealed class LokiPushProtobuf
{
    private readonly Utf8Text _line = new();
    private readonly Utf8Text _name = new();
    private readonly Utf8Text _value = new();

    /// <exception cref="InvalidDataException">The bytes are no such push; what was found before stands in the sink.</exception>
    public void Read(ReadOnlySpan<byte> message, ILokiPushSink sink)
    {
        var request = new ProtobufReader(message);
        while (request.Next(out var field))
        {
            if (field == 1)
            {
                ReadStream(request.Bytes(), sink);
            }
            else
            {
                request.Skip();
            }
        }
    }

    private void ReadStream(ReadOnlySpan<byte> message, ILokiPushSink sink)
    {
        // Writers put the labels first; the protocol does not ask for it.
        var labels = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                labels = fields.Bytes();
                break;
            }
            fields.Skip();
        }
        sink.BeginStream(labels, StreamTextForm.Selector);
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                ReadEntry(fields.Bytes(), sink);
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadEntry(ReadOnlySpan<byte> message, ILokiPushSink sink)
    {
        var timeNs = 0L;
        var line = ReadOnlySpan<byte>.Empty;
        var hasMetadata = false;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    timeNs = ProtobufTime.ReadNs(fields.Bytes());
                    break;
                case 2:
                    line = fields.Bytes();
                    break;
                default:
                    hasMetadata |= field == 3;
                    fields.Skip();
                    break;
            }
        }
        sink.BeginEntry(timeNs, _line.Valid(line));
        if (hasMetadata)
        {
            ReadMetadata(message, sink);
        }
        sink.EndEntry();
    }

    private void ReadMetadata(ReadOnlySpan<byte> entry, ILokiPushSink sink)
    {
        var fields = new ProtobufReader(entry);
        while (fields.Next(out var field))
        {
            if (field != 3)
            {
                fields.Skip();
                continue;
            }
            ProtobufPair.Read(fields.Bytes(), out var name, out var value);
            sink.Metadata(_name.Valid(name), _value.Valid(value));
        }
    }
}
