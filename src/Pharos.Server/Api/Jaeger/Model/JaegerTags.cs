using Pharos.Query.Traces;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Model;

/// <summary>What OpenTelemetry keeps in fields and Jaeger in tags, in the order of the collector's translation
/// (opentelemetry-collector-contrib, pkg/translator/jaeger).</summary>
internal static class JaegerTags
{
    private const string ServiceName = "service.name";
    private const string EventName = "event";

    public static IEnumerable<JaegerTag> Of(Span span)
    {
        if (span.Scope.Name.Length > 0)
        {
            yield return new JaegerTag("otel.scope.name", span.Scope.Name);
        }
        if (span.Scope.Version.Length > 0)
        {
            yield return new JaegerTag("otel.scope.version", span.Scope.Version);
        }
        foreach (var attribute in span.Attributes)
        {
            if (attribute.Key != SpanWarningList.Key)
            {
                yield return new JaegerTag(attribute.Key, attribute.Value);
            }
        }
        if (KindOf(span.Kind) is { Length: > 0 } kind)
        {
            yield return new JaegerTag("span.kind", kind);
        }
        if (span.Status != SpanStatus.Unset)
        {
            yield return new JaegerTag("otel.status_code", span.Status == SpanStatus.Ok ? "OK" : "ERROR");
        }
        if (span.Status == SpanStatus.Error)
        {
            yield return new JaegerTag("error", AttributeValue.OfBool(true));
        }
        if (span.StatusMessage.Length > 0)
        {
            yield return new JaegerTag("otel.status_description", span.StatusMessage);
        }
        if (span.TraceState.Length > 0)
        {
            yield return new JaegerTag("w3c.tracestate", span.TraceState);
        }
    }

    /// <summary>The fields of a log: the event's name, unless an attribute says it, and its attributes.</summary>
    public static IEnumerable<JaegerTag> Of(SpanEvent happened)
    {
        if (happened.Name.Length > 0 && !happened.Attributes.Any(static attribute => attribute.Key == EventName))
        {
            yield return new JaegerTag(EventName, happened.Name);
        }
        foreach (var attribute in happened.Attributes)
        {
            yield return new JaegerTag(attribute.Key, attribute.Value);
        }
    }

    /// <summary>The tags of a process, which carries the service's name beside them.</summary>
    public static IEnumerable<JaegerTag> Of(SpanResource resource) => resource.Attributes.Where(static attribute => attribute.Key != ServiceName)
        .Select(static attribute => new JaegerTag(attribute.Key, attribute.Value));

    /// <summary>Empty where a span does not say it.</summary>
    public static string KindOf(SpanKind kind) => kind switch
    {
        SpanKind.Internal => "internal",
        SpanKind.Server => "server",
        SpanKind.Client => "client",
        SpanKind.Producer => "producer",
        SpanKind.Consumer => "consumer",
        _ => "",
    };
}
