using System.Globalization;
using System.Net;
using System.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Writes spans of Zipkin's second format into a batch as OpenTelemetry's collector understands them.</summary>
/// <remarks>Not thread-safe. Spans that follow each other and say the same of their process share its resource.</remarks>
/// <param name="arrivedNs">The start of a span that has neither a timestamp nor annotations.</param>
internal sealed class ZipkinSpanWriter(SpanBatch batch, long arrivedNs)
{
    /// <summary>So many links at most are looked for, as in the collector.</summary>
    private const int MaxLinks = 128;

    private List<(string Key, string Value)> _resource = [];
    private List<(string Key, string Value)> _nextResource = [];
    private (string Name, string Version) _scope;
    private bool _hasResource;

    public void Write(ZipkinSpan span)
    {
        BeginOwners(span);
        ref var row = ref batch.BeginSpan();
        row.TraceId = span.TraceId;
        row.SpanId = span.Id;
        row.ParentSpanId = span.ParentId == span.Id ? 0 : span.ParentId;
        row.Name = batch.Keep(span.Name);
        row.Kind = Kind(span);
        if (span.Tags.Take("w3c.tracestate") is { } state)
        {
            row.TraceState = batch.Keep(state);
        }
        (row.Status, var message) = TagStatus.Take(span.Tags);
        row.StatusMessage = batch.Keep(message);
        row.StartNs = Start(span);
        row.EndNs = Sum(row.StartNs, Nanos(span.DurationUs));
        WriteEndpoints(span);
        WriteLinks(span.Tags);
        batch.BackToSpan();
        foreach (var (key, value) in span.Tags.All)
        {
            if (value is not null)
            {
                batch.AddAttribute(key, AttributeValue.OfText(value));
            }
        }
        WriteEvents(span);
    }

    private void BeginOwners(ZipkinSpan span)
    {
        _nextResource.Clear();
        var name = span.Tags.Take(ResourceTags.ServiceName) ?? span.Local.ServiceName;
        if (name.Length > 0)
        {
            _nextResource.Add((span.Tags.Take(ResourceTags.ServiceNameSource) is { Length: > 0 } source ? source : ResourceTags.ServiceName, name));
        }
        foreach (var (key, value) in span.Tags.All)
        {
            if (value is not null && ResourceTags.Contains(key))
            {
                _nextResource.Add((key, value));
                span.Tags.Take(key);
            }
        }
        var scope = (
            span.Tags.Take("otel.scope.name") ?? span.Tags.Take("otel.library.name") ?? "",
            span.Tags.Take("otel.scope.version") ?? span.Tags.Take("otel.library.version") ?? "");
        // Where both are there, they say the same.
        span.Tags.Take("otel.library.name");
        span.Tags.Take("otel.library.version");
        if (!_hasResource || !_resource.SequenceEqual(_nextResource))
        {
            batch.BeginResource();
            foreach (var (key, value) in _nextResource)
            {
                batch.AddAttribute(key, AttributeValue.OfText(value));
            }
            (_resource, _nextResource) = (_nextResource, _resource);
            _hasResource = true;
            _scope = ("", "");
        }
        if (scope != _scope)
        {
            batch.BeginScope(Encoding.UTF8.GetBytes(scope.Item1), Encoding.UTF8.GetBytes(scope.Item2));
            _scope = scope;
        }
    }

    private static SpanKind Kind(ZipkinSpan span)
    {
        if (span.Kind != SpanKind.Unspecified)
        {
            return span.Kind;
        }
        SpanKind? kind = span.Tags.Find("span.kind") switch
        {
            "internal" => SpanKind.Internal,
            "server" => SpanKind.Server,
            "client" => SpanKind.Client,
            "producer" => SpanKind.Producer,
            "consumer" => SpanKind.Consumer,
            _ => null,
        };
        if (kind is null)
        {
            return SpanKind.Unspecified;
        }
        span.Tags.Take("span.kind");
        return kind.Value;
    }

    private long Start(ZipkinSpan span)
    {
        if (span.TimestampUs > 0)
        {
            return Nanos(span.TimestampUs);
        }
        batch.AddAttribute(ZipkinAttributes.AbsentStart, AttributeValue.OfBool(true));
        var first = long.MaxValue;
        foreach (var (timestampUs, _) in span.Annotations)
        {
            first = timestampUs > 0 ? Math.Min(first, timestampUs) : first;
        }
        return first == long.MaxValue ? arrivedNs : Nanos(first);
    }

    private void WriteEndpoints(ZipkinSpan span)
    {
        if (span.Debug)
        {
            batch.AddAttribute(ZipkinAttributes.Debug, AttributeValue.OfBool(true));
        }
        AddUnlessTold(span.Tags, "net.host.ip", Ip(span.Local));
        AddPort(span.Tags, "net.host.port", span.Local.Port);
        AddUnlessTold(span.Tags, "peer.service", span.Remote.ServiceName);
        AddUnlessTold(span.Tags, "net.peer.ip", Ip(span.Remote));
        AddPort(span.Tags, "net.peer.port", span.Remote.Port);
    }

    private void AddUnlessTold(ZipkinTags tags, string key, string value)
    {
        if (value.Length > 0 && tags.Find(key) is null)
        {
            batch.AddAttribute(key, AttributeValue.OfText(value));
        }
    }

    private void AddPort(ZipkinTags tags, string key, int port)
    {
        if (port > 0)
        {
            tags.Take(key);
            batch.AddAttribute(key, AttributeValue.OfInt(port));
        }
    }

    /// <summary><c>otlp.link.0 = trace id|span id|trace state|attributes as JSON|dropped attributes</c>. What is not of that form stays a tag.</summary>
    private void WriteLinks(ZipkinTags tags)
    {
        for (var i = 0; i < MaxLinks; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"otlp.link.{i}");
            if (tags.Find(key) is not { } text)
            {
                return;
            }
            var parts = text.Split('|', 4);
            if (parts.Length == 4 && TraceId.TryParse(parts[0], out var traceId)
                && ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var spanId)
                && PackedAttributes.TryParse(parts[3], out var attributes))
            {
                tags.Take(key);
                batch.BeginLink(traceId, spanId, Encoding.UTF8.GetBytes(parts[2]), 0);
                attributes.AddTo(batch);
            }
        }
    }

    /// <summary>An annotation is an event; <c>name|attributes as JSON|dropped attributes</c> is one with attributes.</summary>
    private void WriteEvents(ZipkinSpan span)
    {
        foreach (var (timestampUs, value) in span.Annotations)
        {
            var bar = value.IndexOf('|', StringComparison.Ordinal);
            if (bar > 0 && PackedAttributes.TryParse(value[(bar + 1)..], out var attributes))
            {
                batch.BeginEvent(Nanos(timestampUs), Encoding.UTF8.GetBytes(value[..bar]));
                attributes.AddTo(batch);
            }
            else
            {
                batch.BeginEvent(Nanos(timestampUs), Encoding.UTF8.GetBytes(value));
            }
        }
    }

    private static string Ip(ZipkinEndpoint endpoint) => Text(endpoint.Ipv4) ?? Text(endpoint.Ipv6) ?? "";

    private static string? Text(IPAddress? address) => address?.ToString();

    private static long Nanos(long micros) => micros > long.MaxValue / 1000 ? long.MaxValue : micros * 1000;

    private static long Sum(long start, long durationNs) => durationNs > long.MaxValue - start ? long.MaxValue : start + durationNs;
}
