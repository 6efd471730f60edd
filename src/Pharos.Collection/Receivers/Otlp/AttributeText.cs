using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Otlp;

/// <summary>An attribute's value as text, as OpenTelemetry's collector prints it (pcommon.Value.AsString).</summary>
/// <remarks>A value is a string, bool, long, double, byte array, list of values, list of key and value, or null.</remarks>
internal static class AttributeText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => GoFloat.FormatJson(number),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => Json(value),
    };

    private static string Json(object value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Write(writer, value);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteRawValue(GoFloat.FormatJson(number));
                break;
            case List<object?> items:
                writer.WriteStartArray();
                items.ForEach(item => Write(writer, item));
                writer.WriteEndArray();
                break;
            case List<(string Key, object? Value)> pairs:
                writer.WriteStartObject();
                foreach (var (key, inner) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, inner);
                }
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(Of(value));
                break;
        }
    }
}
