using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin.V1;

/// <summary>Reads spans of Zipkin's first format in JSON, one after another.</summary>
/// <remarks><code>
/// [{"traceId":"c1","id":"2","name":"get","timestamp":1458702548467000,"duration":386000,
///   "annotations":[{"timestamp":1458702548467000,"value":"cs","endpoint":{"serviceName":"web"}}],
///   "binaryAnnotations":[{"key":"sa","value":true,"endpoint":{"serviceName":"db"}},{"key":"rows","value":3,"type":"I32"}]}]
/// </code>
/// Unknown keys are stepped over. Not thread-safe.</remarks>
internal sealed class ZipkinV1Json
{
    private readonly ZipkinV1Span _span = new();

    /// <param name="take">Called for each span, which is good until it returns.</param>
    /// <exception cref="InvalidDataException">The text is no such list; what was found before was taken.</exception>
    public void Read(ReadOnlySpan<byte> text, Action<ZipkinV1Span> take) => ZipkinJsonValues.ReadArray(text, (ref json) =>
    {
        ReadSpan(ref json);
        _span.Check();
        take(_span);
    });

    private void ReadSpan(ref Utf8JsonReader json)
    {
        _span.Clear();
        while (ZipkinJsonValues.Key(ref json))
        {
            if (!ZipkinJsonValues.TryRead(ref json, _span) && !ReadLists(ref json))
            {
                json.Skip();
            }
        }
    }

    private bool ReadLists(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("annotations"u8))
        {
            _span.Annotations.Clear();
            ZipkinJsonValues.ReadItems(ref json, "an annotation", ReadAnnotation);
        }
        else if (json.ValueTextEquals("binaryAnnotations"u8))
        {
            _span.Tags.Clear();
            ZipkinJsonValues.ReadItems(ref json, "a binary annotation", ReadTag);
        }
        else
        {
            return false;
        }
        return true;
    }

    private void ReadAnnotation(ref Utf8JsonReader json)
    {
        var (timestamp, value, host) = (0L, "", (ZipkinEndpoint?)null);
        while (ZipkinJsonValues.Key(ref json))
        {
            if (json.ValueTextEquals("timestamp"u8))
            {
                timestamp = ZipkinJsonValues.Micros(ref json, "timestamp");
            }
            else if (json.ValueTextEquals("value"u8))
            {
                value = ZipkinJsonValues.Text(ref json, "value");
            }
            else if (json.ValueTextEquals("endpoint"u8))
            {
                host = ZipkinJsonValues.Endpoint(ref json, "endpoint");
            }
            else
            {
                json.Skip();
            }
        }
        _span.Annotations.Add(new ZipkinV1Annotation(timestamp, value, host));
    }

    private void ReadTag(ref Utf8JsonReader json)
    {
        var (key, type, value, host) = ("", "", AttributeValue.OfText(""), (ZipkinEndpoint?)null);
        while (ZipkinJsonValues.Key(ref json))
        {
            if (json.ValueTextEquals("key"u8))
            {
                key = ZipkinJsonValues.Text(ref json, "key");
            }
            else if (json.ValueTextEquals("type"u8))
            {
                type = ZipkinJsonValues.Text(ref json, "type");
            }
            else if (json.ValueTextEquals("value"u8))
            {
                value = Value(ref json);
            }
            else if (json.ValueTextEquals("endpoint"u8))
            {
                host = ZipkinJsonValues.Endpoint(ref json, "endpoint");
            }
            else
            {
                json.Skip();
            }
        }
        _span.Tags.Add(new ZipkinV1Tag(key, Typed(value, type, key), host, host?.Ipv6?.MapToIPv6().GetAddressBytes()));
    }

    private static AttributeValue Value(ref Utf8JsonReader json) => ZipkinJsonValues.Value(ref json) switch
    {
        JsonTokenType.String => AttributeValue.OfText(json.GetString()!),
        JsonTokenType.True => AttributeValue.OfBool(true),
        JsonTokenType.False => AttributeValue.OfBool(false),
        JsonTokenType.Number => json.TryGetInt64(out var whole) ? AttributeValue.OfInt(whole) : AttributeValue.OfDouble(json.GetDouble()),
        JsonTokenType.Null => AttributeValue.OfText(""),
        _ => throw new InvalidDataException("the value of a binary annotation is neither a text nor a number nor a boolean"),
    };

    /// <summary>What <c>type</c> makes of a value: numbers may stand in quotes, bytes are base64. Without a type it is what JSON says.</summary>
    private static AttributeValue Typed(AttributeValue value, string type, string key)
    {
        var text = value.Kind == AttributeKind.Text ? value.Text : "";
        AttributeValue? typed = (type, value.Kind) switch
        {
            ("BOOL", AttributeKind.Text) when bool.TryParse(text, out var truth) => AttributeValue.OfBool(truth),
            ("BOOL", AttributeKind.Bool) => value,
            ("I16" or "I32" or "I64", AttributeKind.Text) when long.TryParse(
                text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => AttributeValue.OfInt(whole),
            ("I16" or "I32" or "I64", AttributeKind.Int) => value,
            ("DOUBLE", AttributeKind.Text) when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                AttributeValue.OfDouble(number),
            ("DOUBLE", AttributeKind.Int) => AttributeValue.OfDouble(value.Int),
            ("DOUBLE", AttributeKind.Double) => value,
            ("BYTES", AttributeKind.Text) => Bytes(text),
            ("BOOL" or "I16" or "I32" or "I64" or "DOUBLE" or "BYTES", _) => null,
            ("STRING", not AttributeKind.Text) => AttributeValue.OfText(value.ToString()),
            _ => value,
        };
        return typed ?? throw new InvalidDataException($"the value of the binary annotation \"{key}\" is no {type}");
    }

    private static AttributeValue? Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? AttributeValue.OfBytes(bytes[..length]) : null;
    }
}
