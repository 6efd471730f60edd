using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.Otlp.Model;

namespace Pharos.Collection.Receivers.Otlp;

/// <summary>Reads attributes: opentelemetry/proto/common/v1, <c>KeyValue</c> and <c>AnyValue</c>.</summary>
internal static class OtlpValueProtobuf
{
    /// <summary>Lists and maps inside one another; deeper ones are refused.</summary>
    private const int MaxDepth = 32;

    public static OtlpAttribute ReadAttribute(ReadOnlySpan<byte> message)
    {
        var (key, value) = ReadPair(message, 0);
        return new OtlpAttribute(key, AttributeText.Of(value));
    }

    /// <summary>The value as it is: string, bool, long, double, byte array, list of values, list of key and value, or null.</summary>
    public static (string Key, object? Value) ReadPair(ReadOnlySpan<byte> message) => ReadPair(message, 0);

    /// <summary>An <c>AnyValue</c>, as in <see cref="ReadPair(ReadOnlySpan{byte})"/>.</summary>
    public static object? ReadValue(ReadOnlySpan<byte> message) => ReadValue(message, 0);

    private static (string Key, object? Value) ReadPair(ReadOnlySpan<byte> message, int depth)
    {
        var key = "";
        object? value = null;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    key = fields.Text();
                    break;
                case 2:
                    value = ReadValue(fields.Bytes(), depth);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return (key, value);
    }

    private static object? ReadValue(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"an attribute is nested deeper than {MaxDepth} levels");
        }
        object? value = null;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    value = fields.Text();
                    break;
                case 2:
                    value = fields.UInt64() != 0;
                    break;
                case 3:
                    value = fields.Int64();
                    break;
                case 4:
                    value = fields.Double();
                    break;
                case 5:
                    value = ReadList(fields.Bytes(), depth + 1);
                    break;
                case 6:
                    value = ReadMap(fields.Bytes(), depth + 1);
                    break;
                case 7:
                    value = fields.Bytes().ToArray();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return value;
    }

    private static List<object?> ReadList(ReadOnlySpan<byte> message, int depth)
    {
        var items = new List<object?>();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                items.Add(ReadValue(fields.Bytes(), depth));
            }
            else
            {
                fields.Skip();
            }
        }
        return items;
    }

    private static List<(string Key, object? Value)> ReadMap(ReadOnlySpan<byte> message, int depth)
    {
        var pairs = new List<(string, object?)>();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                pairs.Add(ReadPair(fields.Bytes(), depth));
            }
            else
            {
                fields.Skip();
            }
        }
        return pairs;
    }
}
