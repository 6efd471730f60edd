using System.Text.Json;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Reads attributes of OTLP's JSON into a batch.</summary>
internal sealed class OtlpAttributeJson(SpanBatch batch) : IDisposable
{
    private readonly Utf8Text _key = new();
    private readonly Utf8Text _value = new();
    private readonly NestedValueText _nested = new();

    private enum ValueForm
    {
        None,
        Text,
        Bool,
        Int,
        Double,
        Array,
        Map,
        Bytes,
    }

    /// <summary>Adds a <c>KeyValue</c> to what was begun last in the batch.</summary>
    public void Read(JsonElement pair)
    {
        ReadPair(pair, out var key, out var value);
        var name = key.ValueKind is JsonValueKind.Undefined ? default : JsonValues.Text(key, _key);
        var form = FormOf(value, out var content);
        switch (form)
        {
            case ValueForm.Text:
                batch.AddAttribute(name, AttributeKind.Text, JsonValues.Text(content, _value));
                break;
            case ValueForm.Bool:
                batch.AddAttribute(name, content.GetBoolean());
                break;
            case ValueForm.Int:
                batch.AddAttribute(name, JsonValues.Signed(content));
                break;
            case ValueForm.Double:
                batch.AddAttribute(name, JsonValues.Double(content));
                break;
            case ValueForm.Bytes:
                batch.AddAttribute(name, AttributeKind.Bytes, content.GetBytesFromBase64());
                break;
            case ValueForm.Array or ValueForm.Map:
                _nested.Begin();
                WriteStructure(content, form == ValueForm.Map, 1);
                batch.AddAttribute(name, form == ValueForm.Map ? AttributeKind.Map : AttributeKind.Array, _nested.End());
                break;
            default:
                batch.AddAttribute(name, AttributeKind.Empty, default);
                break;
        }
    }

    public void Dispose() => _nested.Dispose();

    /// <summary>Undefined stands for what it does not have.</summary>
    private static void ReadPair(JsonElement pair, out JsonElement key, out JsonElement value)
    {
        key = value = default;
        foreach (var property in pair.EnumerateObject())
        {
            var name = JsonValues.Name(property);
            if (property.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            if (name.SequenceEqual("key"u8))
            {
                key = property.Value;
            }
            else if (name.SequenceEqual("value"u8))
            {
                value = property.Value;
            }
        }
    }

    private static ValueForm FormOf(JsonElement value, out JsonElement content)
    {
        content = default;
        var form = ValueForm.None;
        if (value.ValueKind is JsonValueKind.Undefined)
        {
            return form;
        }
        foreach (var property in value.EnumerateObject())
        {
            var name = JsonValues.Name(property);
            var found = property.Value.ValueKind is JsonValueKind.Null ? ValueForm.None
                : JsonValues.Is(name, "stringValue"u8, "string_value"u8) ? ValueForm.Text
                : JsonValues.Is(name, "intValue"u8, "int_value"u8) ? ValueForm.Int
                : JsonValues.Is(name, "boolValue"u8, "bool_value"u8) ? ValueForm.Bool
                : JsonValues.Is(name, "doubleValue"u8, "double_value"u8) ? ValueForm.Double
                : JsonValues.Is(name, "arrayValue"u8, "array_value"u8) ? ValueForm.Array
                : JsonValues.Is(name, "kvlistValue"u8, "kvlist_value"u8) ? ValueForm.Map
                : JsonValues.Is(name, "bytesValue"u8, "bytes_value"u8) ? ValueForm.Bytes : ValueForm.None;
            if (found is not ValueForm.None)
            {
                (form, content) = (found, property.Value);
            }
        }
        return form;
    }

    private void WriteStructure(JsonElement structure, bool isMap, int depth)
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
        foreach (var property in structure.EnumerateObject())
        {
            if (!JsonValues.Name(property).SequenceEqual("values"u8))
            {
                continue;
            }
            foreach (var item in JsonValues.Items(property.Value))
            {
                var value = item;
                if (isMap)
                {
                    ReadPair(item, out var key, out value);
                    _nested.Key(key.ValueKind is JsonValueKind.Undefined ? default : JsonValues.Text(key, _value));
                }
                WriteValue(value, depth);
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

    private void WriteValue(JsonElement value, int depth)
    {
        var form = FormOf(value, out var content);
        switch (form)
        {
            case ValueForm.Text:
                _nested.Text(JsonValues.Text(content, _value));
                break;
            case ValueForm.Bool:
                _nested.Writer.WriteBooleanValue(content.GetBoolean());
                break;
            case ValueForm.Int:
                _nested.Writer.WriteNumberValue(JsonValues.Signed(content));
                break;
            case ValueForm.Double:
                _nested.Double(JsonValues.Double(content));
                break;
            case ValueForm.Bytes:
                _nested.Writer.WriteBase64StringValue(content.GetBytesFromBase64());
                break;
            case ValueForm.Array or ValueForm.Map:
                WriteStructure(content, form == ValueForm.Map, depth + 1);
                break;
            default:
                _nested.Writer.WriteNullValue();
                break;
        }
    }
}
