using System.IO.Hashing;
using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Exposition.Families;

/// <summary>Reads the exemplars of a histogram's message: its own, or where it has none those of its buckets.</summary>
internal ref struct ExemplarReader(ReadOnlySpan<byte> histogram, bool hasOwn)
{
    private const int OwnField = 16;
    private const int BucketExemplarField = 3;

    private readonly bool _hasOwn = hasOwn;
    private ProtobufReader _fields = new(histogram);

    public bool Next(ExposedExemplar into)
    {
        var found = NextMessage(out var message);
        if (found)
        {
            Read(message, into);
        }
        return found;
    }

    /// <summary>Of all exemplars that are left; 0 where there are none.</summary>
    public readonly ulong Hash()
    {
        var rest = this;
        var hash = 0UL;
        while (rest.NextMessage(out var message))
        {
            hash = (hash * 31) + XxHash3.HashToUInt64(message);
        }
        return hash;
    }

    /// <summary>Reads one <c>Exemplar</c>: labels = 1, value = 2, timestamp = 3.</summary>
    public static void Read(ReadOnlySpan<byte> message, ExposedExemplar into)
    {
        into.Labels.Clear();
        into.Value = 0;
        into.TimestampMs = null;
        MetricMessage.ReadLabels(message, into.Labels);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 2:
                    into.Value = fields.Double();
                    break;
                case 3:
                    into.TimestampMs = MetricMessage.ReadTimestamp(fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private bool NextMessage(out ReadOnlySpan<byte> message)
    {
        while (_fields.Next(out var field))
        {
            if (_hasOwn ? field != OwnField : field != MetricMessage.PointField)
            {
                _fields.Skip();
                continue;
            }
            message = _hasOwn ? _fields.Bytes() : ExemplarOf(_fields.Bytes());
            if (!message.IsEmpty)
            {
                return true;
            }
        }
        message = default;
        return false;
    }

    private static ReadOnlySpan<byte> ExemplarOf(ReadOnlySpan<byte> bucket)
    {
        var fields = new ProtobufReader(bucket);
        while (fields.Next(out var field))
        {
            if (field == BucketExemplarField)
            {
                return fields.Bytes();
            }
            fields.Skip();
        }
        return default;
    }
}
