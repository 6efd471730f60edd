using static System.Text.Encoding;

namespace Pharos.Storage.Traces.Batches;

/// <summary>Puts spans as answers give them into a batch, for whoever stores them again.</summary>
public static class BatchFilling
{
    public static void Add(this SpanBatch batch, Span span)
    {
        batch.BeginResource();
        AddAttributes(batch, span.Resource.Attributes, span.Resource.DroppedAttributes);
        batch.SetResourceSchema(UTF8.GetBytes(span.Resource.SchemaUrl));
        batch.BeginScope(UTF8.GetBytes(span.Scope.Name), UTF8.GetBytes(span.Scope.Version));
        AddAttributes(batch, span.Scope.Attributes, span.Scope.DroppedAttributes);
        batch.SetScopeSchema(UTF8.GetBytes(span.Scope.SchemaUrl));
        ref var row = ref batch.BeginSpan();
        row.TraceId = span.TraceId;
        row.SpanId = span.SpanId;
        row.ParentSpanId = span.ParentSpanId;
        row.Name = batch.Keep(span.Name);
        row.Kind = span.Kind;
        row.StartNs = span.StartNs;
        row.EndNs = span.EndNs;
        row.Status = span.Status;
        row.StatusMessage = batch.Keep(span.StatusMessage);
        row.TraceState = batch.Keep(span.TraceState);
        row.Flags = span.Flags;
        row.DroppedEvents = span.DroppedEvents;
        row.DroppedLinks = span.DroppedLinks;
        AddAttributes(batch, span.Attributes, span.DroppedAttributes);
        foreach (var happened in span.Events)
        {
            batch.BeginEvent(happened.TimeNs, UTF8.GetBytes(happened.Name));
            AddAttributes(batch, happened.Attributes, happened.DroppedAttributes);
        }
        foreach (var link in span.Links)
        {
            batch.BeginLink(link.TraceId, link.SpanId, UTF8.GetBytes(link.TraceState), link.Flags);
            AddAttributes(batch, link.Attributes, link.DroppedAttributes);
        }
    }

    private static void AddAttributes(SpanBatch batch, IReadOnlyList<SpanAttribute> attributes, uint dropped)
    {
        foreach (var attribute in attributes)
        {
            batch.AddAttribute(attribute.Key, attribute.Value);
        }
        if (dropped > 0)
        {
            batch.SetDroppedAttributes(dropped);
        }
    }
}
