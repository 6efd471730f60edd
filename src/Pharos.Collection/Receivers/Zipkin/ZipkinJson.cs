using System.Text.Json;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Reads spans of Zipkin's second format in JSON, one after another.</summary>
/// <remarks><code>
/// [{"traceId":"5982fe77008310cc80f1da5e10147517","id":"90394f6bcffb5d13","parentId":"bd7a977555f6b982","kind":"CLIENT","name":"get",
///   "timestamp":1458702548467000,"duration":386000,"localEndpoint":{"serviceName":"backend","ipv4":"192.168.99.101","port":9000},
///   "remoteEndpoint":{"serviceName":"mysql"},"annotations":[{"timestamp":1458702548478000,"value":"waited"}],"tags":{"sql":"select"}}]
/// </code>
/// Unknown keys are stepped over. Not thread-safe.</remarks>
internal sealed class ZipkinJson
{
    private readonly ZipkinSpan _span = new();

    /// <param name="take">Called for each span, which is good until it returns.</param>
    /// <exception cref="InvalidDataException">The text is no such list; what was found before was taken.</exception>
    public void Read(ReadOnlySpan<byte> text, Action<ZipkinSpan> take) => ZipkinJsonValues.ReadArray(text, (ref json) =>
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
            if (!ZipkinJsonValues.TryRead(ref json, _span) && !ReadContent(ref json))
            {
                json.Skip();
            }
        }
    }

    private bool ReadContent(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("kind"u8))
        {
            _span.Kind = ZipkinJsonValues.Text(ref json, "kind") switch
            {
                "" => SpanKind.Unspecified,
                "CLIENT" => SpanKind.Client,
                "SERVER" => SpanKind.Server,
                "PRODUCER" => SpanKind.Producer,
                "CONSUMER" => SpanKind.Consumer,
                _ => throw new InvalidDataException("kind is none of CLIENT, SERVER, PRODUCER and CONSUMER"),
            };
        }
        else if (json.ValueTextEquals("shared"u8))
        {
            _span.Shared = ZipkinJsonValues.Bool(ref json, "shared");
        }
        else if (json.ValueTextEquals("localEndpoint"u8))
        {
            _span.Local = ZipkinJsonValues.Endpoint(ref json, "localEndpoint");
        }
        else if (json.ValueTextEquals("remoteEndpoint"u8))
        {
            _span.Remote = ZipkinJsonValues.Endpoint(ref json, "remoteEndpoint");
        }
        else if (json.ValueTextEquals("annotations"u8))
        {
            _span.Annotations.Clear();
            ZipkinJsonValues.ReadItems(ref json, "an annotation", ReadAnnotation);
        }
        else if (json.ValueTextEquals("tags"u8))
        {
            ReadTags(ref json);
        }
        else
        {
            return false;
        }
        return true;
    }

    private void ReadAnnotation(ref Utf8JsonReader json)
    {
        var (timestamp, value) = (0L, "");
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
            else
            {
                json.Skip();
            }
        }
        _span.Annotations.Add((timestamp, value));
    }

    private void ReadTags(ref Utf8JsonReader json)
    {
        if (ZipkinJsonValues.Value(ref json) == JsonTokenType.Null)
        {
            return;
        }
        ZipkinJsonValues.Expect(json.TokenType, JsonTokenType.StartObject, "an object of tags");
        while (ZipkinJsonValues.Key(ref json))
        {
            var key = json.GetString()!;
            _span.Tags.Set(key, ZipkinJsonValues.Text(ref json, key));
        }
    }
}
