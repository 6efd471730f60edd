using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Pharos.Collection.Receivers.Zipkin;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Zipkin;

/// <summary>Writes stored spans as JSON of Zipkin's second format, whatever protocol brought them.</summary>
internal static class ZipkinSpanJson
{
    private static readonly string[] LocalAddress = ["net.host.ip"];
    private static readonly string[] LocalPort = ["net.host.port"];
    private static readonly string[] RemoteName = ["peer.service"];
    private static readonly string[] RemoteAddress = ["net.peer.ip", "net.sock.peer.addr", "network.peer.address"];
    private static readonly string[] RemotePort = ["net.peer.port", "net.sock.peer.port", "network.peer.port"];

    public static void WriteTrace(Utf8JsonWriter json, Trace trace)
    {
        var clients = trace.Spans.Where(static span => span.Kind == SpanKind.Client).Select(static span => span.SpanId).ToHashSet();
        json.WriteStartArray();
        foreach (var span in trace.Spans)
        {
            Write(json, span, span.Kind == SpanKind.Server && clients.Contains(span.SpanId));
        }
        json.WriteEndArray();
    }

    /// <param name="shared">Whether a client's half has the same id.</param>
    private static void Write(Utf8JsonWriter json, Span span, bool shared)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId.High == 0 ? Hex(span.TraceId.Low) : span.TraceId.ToString());
        if (span.ParentSpanId != 0)
        {
            json.WriteString("parentId", Hex(span.ParentSpanId));
        }
        json.WriteString("id", Hex(span.SpanId));
        if (span.Kind is SpanKind.Client or SpanKind.Server or SpanKind.Producer or SpanKind.Consumer)
        {
            json.WriteString("kind", span.Kind.ToString().ToUpperInvariant());
        }
        json.WriteString("name", span.Name);
        if (Take(span, [ZipkinAttributes.AbsentStart], told) is null)
        {
            json.WriteNumber("timestamp", span.StartNs / 1000);
        }
        if (span.DurationNs > 0)
        {
            json.WriteNumber("duration", Math.Max(1, span.DurationNs / 1000));
        }
        WriteEndpoint(
            json, "localEndpoint", span.Resource.ServiceName, Take(span, LocalAddress, told), Take(span, LocalPort, told));
        WriteEndpoint(
            json, "remoteEndpoint", Take(span, RemoteName, told)?.ToString() ?? "", Take(span, RemoteAddress, told), Take(span, RemotePort, told));
        WriteAnnotations(json, span);
        var debug = Take(span, [ZipkinAttributes.Debug], told) is not null;
        WriteTags(json, span, told);
        if (debug)
        {
            json.WriteBoolean("debug", true);
        }
        if (shared)
        {
            json.WriteBoolean("shared", true);
        }
        json.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter json, string name, string service, AttributeValue? address, AttributeValue? port)
    {
        if (service.Length == 0 && address is null && port is null)
        {
            return;
        }
        json.WriteStartObject(name);
        if (service.Length > 0)
        {
            json.WriteString("serviceName", service);
        }
        if (address is { } text && IPAddress.TryParse(text.ToString(), out var ip))
        {
            json.WriteString(ip.AddressFamily == AddressFamily.InterNetwork ? "ipv4" : "ipv6", ip.ToString());
        }
        if (port is { } digits && ushort.TryParse(digits.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            json.WriteNumber("port", number);
        }
        json.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter json, Span span)
    {
        if (span.Events.Count == 0)
        {
            return;
        }
        json.WriteStartArray("annotations");
        foreach (var happened in span.Events)
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp", happened.TimeNs / 1000);
            json.WriteString("value", happened.Name.Length > 0 ? happened.Name
                : string.Join(' ', happened.Attributes.Select(static field => $"{field.Key}={field.Value}")));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The span's attributes as texts, then those of the resource and the scope; a failure is the tag <c>error</c>.</summary>
    private static void WriteTags(Utf8JsonWriter json, Span span, HashSet<string> told)
    {
        json.WriteStartObject("tags");
        foreach (var tag in span.Attributes.Concat(span.Resource.Attributes.Where(static tag => tag.Key != "service.name")))
        {
            if (told.Add(tag.Key))
            {
                json.WriteString(tag.Key, tag.Value.ToString());
            }
        }
        if (span.Status == SpanStatus.Error && told.Add("error"))
        {
            json.WriteString("error", span.StatusMessage.Length > 0 ? span.StatusMessage : "true");
        }
        if (span.Scope.Name.Length > 0 && told.Add("otel.scope.name"))
        {
            json.WriteString("otel.scope.name", span.Scope.Name);
            json.WriteString("otel.scope.version", span.Scope.Version);
        }
        json.WriteEndObject();
    }

    /// <summary>The first attribute of these names, which then is no tag.</summary>
    private static AttributeValue? Take(Span span, string[] keys, HashSet<string> told)
    {
        foreach (var attribute in span.Attributes)
        {
            if (keys.Contains(attribute.Key))
            {
                told.Add(attribute.Key);
                return attribute.Value;
            }
        }
        return null;
    }

    private static string Hex(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);
}
