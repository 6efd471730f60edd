namespace Pharos.Storage.Traces.Batches;

/// <summary>Makes spans of the rows of a batch.</summary>
public static class BatchReading
{
    /// <summary>All spans, in the batch's order; resources and scopes are shared between them.</summary>
    public static IReadOnlyList<Span> ToSpans(this SpanBatch batch)
    {
        var resources = new SpanResource?[batch.ResourceCount];
        var scopes = new SpanScope?[batch.ScopeCount];
        var spans = new List<Span>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var row = ref batch[i];
            ref readonly var scope = ref batch.Scope(row.ScopeIndex);
            ref readonly var resource = ref batch.Resource(scope.Resource);
            spans.Add(new Span
            {
                TraceId = row.TraceId,
                SpanId = row.SpanId,
                ParentSpanId = row.ParentSpanId,
                Name = Read(batch, row.Name),
                Kind = row.Kind,
                StartNs = row.StartNs,
                EndNs = row.EndNs,
                Status = row.Status,
                StatusMessage = Read(batch, row.StatusMessage),
                TraceState = Read(batch, row.TraceState),
                Flags = row.Flags,
                Resource = resources[scope.Resource] ??= new SpanResource(
                    Attributes(batch, resource.Attributes), resource.DroppedAttributes, Read(batch, resource.SchemaUrl)),
                Scope = scopes[row.ScopeIndex] ??= new SpanScope(
                    Read(batch, scope.Name), Read(batch, scope.Version), Attributes(batch, scope.Attributes), scope.DroppedAttributes,
                    Read(batch, scope.SchemaUrl)),
                Attributes = Attributes(batch, row.Attributes),
                DroppedAttributes = row.DroppedAttributes,
                Events = Events(batch, row),
                DroppedEvents = row.DroppedEvents,
                Links = Links(batch, row),
                DroppedLinks = row.DroppedLinks,
            });
        }
        return spans;
    }

    private static SpanEvent[] Events(SpanBatch batch, in SpanRow span)
    {
        var rows = batch.EventsOf(span);
        var events = rows.IsEmpty ? [] : new SpanEvent[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            events[i] = new SpanEvent(
                rows[i].TimeNs, Read(batch, rows[i].Name), Attributes(batch, rows[i].Attributes), rows[i].DroppedAttributes);
        }
        return events;
    }

    private static SpanLink[] Links(SpanBatch batch, in SpanRow span)
    {
        var rows = batch.LinksOf(span);
        var links = rows.IsEmpty ? [] : new SpanLink[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            links[i] = new SpanLink(
                rows[i].TraceId, rows[i].SpanId, Read(batch, rows[i].TraceState), rows[i].Flags, Attributes(batch, rows[i].Attributes),
                rows[i].DroppedAttributes);
        }
        return links;
    }

    private static SpanAttribute[] Attributes(SpanBatch batch, in AttributeRange range)
    {
        var attributes = range.Count == 0 ? [] : new SpanAttribute[range.Count];
        var i = 0;
        for (var at = range.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref var row = ref batch.Attribute(at);
            attributes[i++] = new SpanAttribute(Read(batch, row.Key), batch.ValueOf(row));
        }
        return attributes;
    }

    private static string Read(SpanBatch batch, BatchText text) => text.IsEmpty ? "" : System.Text.Encoding.UTF8.GetString(batch.Text(text));
}
