using System.Text.Json;
using Pharos.Query.TraceQL.Values;

namespace Pharos.Server.Api.Tempo;

/// <summary>Writes values of TraceQL as OTLP's <c>KeyValue</c>s.</summary>
internal static class TempoValueJson
{
    /// <summary>A list of <c>{"key":"a","value":{"stringValue":"b"}}</c>.</summary>
    public static void Write(Utf8JsonWriter json, string property, IReadOnlyList<KeyValuePair<string, TraceValue>> attributes)
    {
        json.WriteStartArray(property);
        foreach (var (key, value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, key);
            json.WritePropertyName("value"u8);
            Write(json, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, in TraceValue value)
    {
        json.WriteStartObject();
        switch (value.Type)
        {
            case TraceValueKind.Int:
                json.WriteString("intValue"u8, value.ToPlainText());
                break;
            case TraceValueKind.Bool:
                json.WriteBoolean("boolValue"u8, value.IsTrue);
                break;
            case TraceValueKind.Float when double.IsFinite(value.Number):
                json.WriteNumber("doubleValue"u8, value.Number);
                break;
            case TraceValueKind.List or TraceValueKind.Several:
                json.WriteStartObject("arrayValue"u8);
                json.WriteStartArray("values"u8);
                foreach (var item in value.Items)
                {
                    Write(json, item);
                }
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                json.WriteString("stringValue"u8, value.ToPlainText());
                break;
        }
        json.WriteEndObject();
    }
}
