using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Otlp.Traces;

/// <summary>Writes attributes as OTLP's <c>KeyValue</c> and <c>AnyValue</c>.</summary>
internal sealed class OtlpValueJson(Utf8JsonWriter writer)
{
    public void Write(IReadOnlyList<SpanAttribute> attributes)
    {
        writer.WriteStartArray();
        for (var i = 0; i < attributes.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("key"u8, attributes[i].Key);
            writer.WritePropertyName("value"u8);
            Write(attributes[i].Value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary><c>{"stringValue":"x"}</c> and its like.</summary>
    public void Write(AttributeValue value)
    {
        writer.WriteStartObject();
        switch (value.Kind)
        {
            case AttributeKind.Text:
                writer.WriteString("stringValue"u8, value.Text);
                break;
            case AttributeKind.Bool:
                writer.WriteBoolean("boolValue"u8, value.Bool);
                break;
            case AttributeKind.Int:
                Integer(value.Int);
                break;
            case AttributeKind.Double:
                Double(value.Double);
                break;
            case AttributeKind.Bytes:
                writer.WriteBase64String("bytesValue"u8, value.Bytes.Span);
                break;
            case AttributeKind.Empty:
                break;
            default:
                Nested(value);
                break;
        }
        writer.WriteEndObject();
    }

    private void Nested(AttributeValue value)
    {
        if (OtlpNested.Parse(value) is not { } document)
        {
            writer.WriteString("stringValue"u8, value.Text);
            return;
        }
        using (document)
        {
            Content(document.RootElement);
        }
    }

    private void Content(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                writer.WriteStartObject("arrayValue"u8);
                writer.WriteStartArray("values"u8);
                foreach (var item in element.EnumerateArray())
                {
                    Item(item);
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject("kvlistValue"u8);
                writer.WriteStartArray("values"u8);
                foreach (var member in element.EnumerateObject())
                {
                    writer.WriteStartObject();
                    writer.WriteString("key"u8, member.Name);
                    writer.WritePropertyName("value"u8);
                    Item(member.Value);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            case JsonValueKind.String:
                writer.WriteString("stringValue"u8, element.GetString());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean("boolValue"u8, element.ValueKind == JsonValueKind.True);
                break;
            case JsonValueKind.Number when OtlpNested.IsInteger(element, out var integer):
                Integer(integer);
                break;
            case JsonValueKind.Number:
                Double(element.GetDouble());
                break;
        }
    }

    private void Item(JsonElement element)
    {
        writer.WriteStartObject();
        Content(element);
        writer.WriteEndObject();
    }

    /// <summary>As a text: numbers of 64 bits are no numbers to JavaScript.</summary>
    private void Integer(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        writer.WriteString("intValue"u8, digits[..length]);
    }

    private void Double(double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber("doubleValue"u8, value);
        }
        else
        {
            writer.WriteString("doubleValue"u8, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }
}
