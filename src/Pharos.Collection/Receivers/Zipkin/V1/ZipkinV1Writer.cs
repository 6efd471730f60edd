using System.Net;
using System.Text;
using System.Text.Json;
using Pharos.Collection.Receivers.Jaeger;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Zipkin.V1;

/// <summary>Writes spans of Zipkin's first format into a batch, by way of Jaeger's model as Jaeger's collector does it.</summary>
/// <remarks>github.com/jaegertracing/jaeger v1.49.0, model/converter/thrift/zipkin. Not thread-safe.</remarks>
/// <param name="arrivedNs">The start of a span whose start nothing tells.</param>
internal sealed class ZipkinV1Writer(SpanBatch batch, long arrivedNs)
{
    private const string UnknownService = "unknown-service-name";
    private const uint DebugFlag = 2;

    private readonly JaegerSpanWriter _writer = new(batch);
    private readonly JaegerSpan _span = new();
    private List<(string Key, AttributeValue Value)> _process = [];
    private List<(string Key, AttributeValue Value)> _nextProcess = [];

    public void Write(ZipkinV1Span span)
    {
        BeginProcess(span);
        var cs = Find(span, CoreKeys.ClientSend);
        var sr = Find(span, CoreKeys.ServerReceive);
        var kind = KindOf(span);
        var (startUs, durationUs) = TimesOf(span, cs, sr);
        Begin(span, kind, startUs, durationUs);
        WriteTags(span);
        WriteLogs(span);
        _writer.Write(_span);
        if (cs is not { } sent || sr is not { } received)
        {
            return;
        }
        // One span that both sides have written into: the other side becomes a span of its own.
        if (kind == SpanKind.Client)
        {
            Begin(span, SpanKind.Server, received.TimestampUs, Until(span, CoreKeys.ServerSend, received));
        }
        else
        {
            Begin(span, SpanKind.Client, sent.TimestampUs, Until(span, CoreKeys.ClientReceive, sent));
        }
        _writer.Write(_span);
    }

    private static long Until(ZipkinV1Span span, string end, ZipkinV1Annotation start) =>
        Find(span, end) is { } annotation ? annotation.TimestampUs - start.TimestampUs : 0;

    private static ZipkinV1Annotation? Find(ZipkinV1Span span, string value)
    {
        foreach (var annotation in span.Annotations)
        {
            if (annotation.Value == value)
            {
                return annotation;
            }
        }
        return null;
    }

    /// <summary>The first core annotation decides.</summary>
    private static SpanKind KindOf(ZipkinV1Span span)
    {
        foreach (var annotation in span.Annotations)
        {
            if (CoreKeys.KindOf(annotation.Value) is var kind and not SpanKind.Unspecified)
            {
                return kind;
            }
        }
        return SpanKind.Unspecified;
    }

    private static (long StartUs, long DurationUs) TimesOf(ZipkinV1Span span, ZipkinV1Annotation? cs, ZipkinV1Annotation? sr)
    {
        if (span.TimestampUs > 0)
        {
            return (span.TimestampUs, span.DurationUs);
        }
        if ((cs ?? sr) is not { } begin)
        {
            return (0, span.DurationUs);
        }
        var end = cs is null ? CoreKeys.ServerSend : CoreKeys.ClientReceive;
        return (begin.TimestampUs, span.DurationUs != 0 ? span.DurationUs : Until(span, end, begin));
    }

    private void Begin(ZipkinV1Span span, SpanKind kind, long startUs, long durationUs)
    {
        _span.Clear();
        _span.TraceId = span.TraceId;
        _span.SpanId = span.Id;
        _span.ParentSpanId = span.ParentId == span.Id ? 0 : span.ParentId;
        _span.SetOperation(Encoding.UTF8.GetBytes(span.Name));
        _span.Flags = span.Debug ? DebugFlag : 0;
        _span.StartNs = startUs > 0 ? JaegerTimes.Nanos(startUs) : arrivedNs;
        _span.DurationNs = JaegerTimes.Nanos(durationUs);
        if (startUs <= 0)
        {
            _span.AddTag(Encoding.UTF8.GetBytes(ZipkinAttributes.AbsentStart), true);
        }
        if (kind != SpanKind.Unspecified)
        {
            _span.AddTag("span.kind"u8, AttributeKind.Text, Encoding.UTF8.GetBytes(kind.ToString().ToLowerInvariant()));
        }
    }

    private void WriteTags(ZipkinV1Span span)
    {
        foreach (var tag in span.Tags)
        {
            if (ProcessTag(tag.Key) is not null)
            {
                continue;
            }
            if (CoreKeys.IsAddress(tag.Key))
            {
                WritePeer(tag);
            }
            else
            {
                Add(tag.Key == CoreKeys.LocalComponent ? "component" : tag.Key, tag.Value);
            }
        }
    }

    private void WritePeer(in ZipkinV1Tag tag)
    {
        if (tag.Host is not { } host)
        {
            return;
        }
        Add("peer.service", AttributeValue.OfText(host.ServiceName));
        if (host.Ipv4 is not null)
        {
            Add("peer.ipv4", AttributeValue.OfInt(Number(host.Ipv4)));
        }
        if (tag.Ipv6 is not null)
        {
            Add("peer.ipv6", AttributeValue.OfBytes(tag.Ipv6));
        }
        if (host.Port != 0)
        {
            Add("peer.port", AttributeValue.OfInt(host.Port));
        }
    }

    private void WriteLogs(ZipkinV1Span span)
    {
        foreach (var annotation in span.Annotations)
        {
            if (annotation.Value.Length == 0 || CoreKeys.KindOf(annotation.Value) != SpanKind.Unspecified)
            {
                continue;
            }
            _span.BeginLog(JaegerTimes.Nanos(annotation.TimestampUs));
            if (!WriteFields(annotation.Value))
            {
                Add("event", AttributeValue.OfText(annotation.Value));
            }
        }
        _span.BackToSpan();
    }

    /// <summary>Some clients write a log's fields as a JSON object of texts.</summary>
    private bool WriteFields(string text)
    {
        if (text[0] != '{')
        {
            return false;
        }
        try
        {
            using var json = JsonDocument.Parse(text);
            var fields = json.RootElement.EnumerateObject().Select(static field => (field.Name, Value: field.Value.ValueKind switch
            {
                JsonValueKind.String => field.Value.GetString(),
                JsonValueKind.Null => "",
                _ => null,
            })).ToList();
            if (fields.Exists(static field => field.Value is null))
            {
                return false;
            }
            foreach (var (name, value) in fields)
            {
                Add(name, AttributeValue.OfText(value!));
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is no JsonException.
            return false;
        }
    }

    private void Add(string key, AttributeValue value)
    {
        var name = Encoding.UTF8.GetBytes(key);
        switch (value.Kind)
        {
            case AttributeKind.Bool:
                _span.AddTag(name, value.Bool);
                break;
            case AttributeKind.Int:
                _span.AddTag(name, value.Int);
                break;
            case AttributeKind.Double:
                _span.AddTag(name, value.Double);
                break;
            case AttributeKind.Bytes:
                _span.AddTag(name, AttributeKind.Bytes, value.Bytes.Span);
                break;
            default:
                _span.AddTag(name, AttributeKind.Text, Encoding.UTF8.GetBytes(value.Text));
                break;
        }
    }

    /// <summary>Some tags of old clients are the process' and have another name there; null for a span's own.</summary>
    private static string? ProcessTag(string key) => key switch
    {
        "jaegerClient" or "jaeger.version" => "jaeger.version",
        "jaeger.hostname" => "hostname",
        _ => null,
    };

    /// <summary>Spans that follow each other and say the same of their process share its resource.</summary>
    private void BeginProcess(ZipkinV1Span span)
    {
        var host = HostOf(span);
        _nextProcess.Clear();
        _nextProcess.Add(("service.name", AttributeValue.OfText(host?.ServiceName ?? UnknownService)));
        foreach (var tag in span.Tags)
        {
            if (ProcessTag(tag.Key) is { } name)
            {
                _nextProcess.Add((name, tag.Value));
            }
        }
        if (host?.Ipv4 is { } ip)
        {
            _nextProcess.Add(("ip", AttributeValue.OfInt((int)Number(ip))));
        }
        if (_process.SequenceEqual(_nextProcess))
        {
            return;
        }
        (_process, _nextProcess) = (_nextProcess, _process);
        _writer.BeginProcess(Encoding.UTF8.GetBytes(_process[0].Value.Text));
        foreach (var (key, value) in _process.Skip(1))
        {
            batch.AddAttribute(key, value);
        }
    }

    /// <summary>A core annotation's host, then that of the local component, then any.</summary>
    private static ZipkinEndpoint? HostOf(ZipkinV1Span span) =>
        Named(span.Annotations.Where(static annotation => CoreKeys.KindOf(annotation.Value) != SpanKind.Unspecified)
            .Select(static annotation => annotation.Host))
        ?? Named(span.Tags.Where(static tag => tag.Key == CoreKeys.LocalComponent).Select(static tag => tag.Host))
        ?? Named(span.Annotations.Select(static annotation => annotation.Host))
        ?? Named(span.Tags.Select(static tag => tag.Host));

    private static ZipkinEndpoint? Named(IEnumerable<ZipkinEndpoint?> hosts) => hosts.FirstOrDefault(static host => host is { ServiceName.Length: > 0 });

    /// <summary>The address as one number, as Jaeger's clients write it.</summary>
    private static long Number(IPAddress address) => (uint)IPAddress.NetworkToHostOrder(BitConverter.ToInt32(address.MapToIPv4().GetAddressBytes()));
}
