namespace Pharos.Storage.Traces;

/// <summary>Whether two spans say the same: clients send again what they believe lost.</summary>
public static class SpanEquality
{
    public static bool Same(Span left, Span right) =>
        left.TraceId == right.TraceId && left.SpanId == right.SpanId && left.ParentSpanId == right.ParentSpanId
        && left.StartNs == right.StartNs && left.EndNs == right.EndNs && left.Kind == right.Kind && left.Status == right.Status
        && left.Flags == right.Flags && left.Name == right.Name && left.StatusMessage == right.StatusMessage
        && left.TraceState == right.TraceState && left.DroppedAttributes == right.DroppedAttributes
        && left.DroppedEvents == right.DroppedEvents && left.DroppedLinks == right.DroppedLinks
        && left.Attributes.SequenceEqual(right.Attributes)
        && SameResource(left.Resource, right.Resource) && SameScope(left.Scope, right.Scope)
        && left.Events.Count == right.Events.Count && left.Events.Zip(right.Events).All(pair => SameEvent(pair.First, pair.Second))
        && left.Links.Count == right.Links.Count && left.Links.Zip(right.Links).All(pair => SameLink(pair.First, pair.Second));

    private static bool SameResource(SpanResource left, SpanResource right) => ReferenceEquals(left, right)
        || left.DroppedAttributes == right.DroppedAttributes && left.SchemaUrl == right.SchemaUrl
        && left.Attributes.SequenceEqual(right.Attributes);

    private static bool SameScope(SpanScope left, SpanScope right) => ReferenceEquals(left, right)
        || left.Name == right.Name && left.Version == right.Version && left.DroppedAttributes == right.DroppedAttributes
        && left.SchemaUrl == right.SchemaUrl && left.Attributes.SequenceEqual(right.Attributes);

    private static bool SameEvent(SpanEvent left, SpanEvent right) => left.TimeNs == right.TimeNs && left.Name == right.Name
        && left.DroppedAttributes == right.DroppedAttributes && left.Attributes.SequenceEqual(right.Attributes);

    private static bool SameLink(SpanLink left, SpanLink right) => left.TraceId == right.TraceId && left.SpanId == right.SpanId
        && left.TraceState == right.TraceState && left.Flags == right.Flags && left.DroppedAttributes == right.DroppedAttributes
        && left.Attributes.SequenceEqual(right.Attributes);
}
