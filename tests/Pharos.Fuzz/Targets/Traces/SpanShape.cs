using System.Text.Unicode;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Fuzz.Targets.Traces;

/// <summary>What spans look like, and what must hold of every batch that a receiver makes.</summary>
internal static class SpanShape
{
    public static string Of(SpanBatch batch)
    {
        Check(batch);
        return Of(batch.ToSpans());
    }

    public static string Of(IEnumerable<Span> spans)
    {
        var (count, attributes, events, links, kinds) = (0L, 0L, 0L, 0L, 0);
        foreach (var span in spans)
        {
            count++;
            attributes += span.Attributes.Count + span.Resource.Attributes.Count;
            events += span.Events.Count;
            links += span.Links.Count;
            kinds |= (1 << (int)span.Kind) | (1 << (8 + (int)span.Status));
        }
        return $"{Shape.Of(count)},{Shape.Of(attributes)},{Shape.Of(events)},{Shape.Of(links)},{kinds}";
    }

    /// <summary>Spans have ids and do not end before they begin; what is called a text is one.</summary>
    public static void Check(SpanBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var span = ref batch[i];
            if (span.TraceId.IsZero || span.SpanId == 0 || span.EndNs < span.StartNs)
            {
                throw new BrokenPromiseException($"a span {span.TraceId}:{span.SpanId} from {span.StartNs} to {span.EndNs}");
            }
            IsText(batch, span.Name);
            IsText(batch, span.StatusMessage);
            IsText(batch, span.TraceState);
            Check(batch, span.Attributes);
            Check(batch, batch.ResourceOf(span).Attributes);
            IsText(batch, batch.Scope(span.ScopeIndex).Name);
            foreach (ref readonly var happened in batch.EventsOf(span))
            {
                IsText(batch, happened.Name);
                Check(batch, happened.Attributes);
            }
            foreach (ref readonly var link in batch.LinksOf(span))
            {
                Check(batch, link.Attributes);
            }
        }
    }

    private static void Check(SpanBatch batch, AttributeRange range)
    {
        for (var i = range.First; i != AttributeRange.End; i = batch.Attribute(i).Next)
        {
            IsText(batch, batch.Attribute(i).Key);
            if (batch.Attribute(i).Kind != AttributeKind.Bytes)
            {
                IsText(batch, batch.Attribute(i).Text);
            }
        }
    }

    private static void IsText(SpanBatch batch, BatchText text)
    {
        if (!Utf8.IsValid(batch.Text(text)))
        {
            throw new BrokenPromiseException($"no UTF-8: {Convert.ToHexString(batch.Text(text))}");
        }
    }
}
