using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Tests.Receivers.Traces;

/// <summary>Spans for tests.</summary>
internal static class Some
{
    public static Span Span(ulong trace, ulong id, string name) => new()
    {
        TraceId = new TraceId(0, trace), SpanId = id, Name = name, Resource = SpanResource.None, Scope = SpanScope.None,
    };

    public static SpanBatch Batch(string service, params ReadOnlySpan<Span> spans)
    {
        var batch = new SpanBatch();
        Add(batch, service, spans);
        return batch;
    }

    public static void Add(SpanBatch batch, string service, params ReadOnlySpan<Span> spans)
    {
        batch.BeginResource();
        batch.AddAttribute("service.name", AttributeValue.OfText(service));
        foreach (var span in spans)
        {
            ref var row = ref batch.BeginSpan();
            (row.TraceId, row.SpanId, row.ParentSpanId, row.Name) = (span.TraceId, span.SpanId, span.ParentSpanId, batch.Keep(span.Name));
            (row.StartNs, row.EndNs, row.Kind, row.Status) = (span.StartNs, span.EndNs, span.Kind, span.Status);
            row.DroppedAttributes = span.DroppedAttributes;
            foreach (var attribute in span.Attributes)
            {
                batch.AddAttribute(attribute.Key, attribute.Value);
            }
        }
    }
}
