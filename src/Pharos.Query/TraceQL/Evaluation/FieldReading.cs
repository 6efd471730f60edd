using System.Globalization;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Reads attributes and intrinsics of a span.</summary>
internal static class FieldReading
{
    public static TraceValue Attribute(TraceSpans trace, int at, FieldExpr.Attribute field)
    {
        var span = field.OfParent ? trace.ParentOf(at) : trace.Spans[at];
        return span is null ? TraceValue.Nil : Attribute(span, field.Scope, field.Key);
    }

    public static TraceValue Attribute(Span span, FieldScope scope, string key)
    {
        switch (scope)
        {
            case FieldScope.Any:
                return TryFind(span.Attributes, key, out var value) || TryFind(span.Resource.Attributes, key, out value)
                    ? TraceValue.Of(value) : TraceValue.Nil;
            case FieldScope.Span:
                return Find(span.Attributes, key);
            case FieldScope.Resource:
                return Find(span.Resource.Attributes, key);
            case FieldScope.Instrumentation:
                return Find(span.Scope.Attributes, key);
            case FieldScope.Event:
                return OfEach(span.Events, happened => Find(happened.Attributes, key));
            default:
                return OfEach(span.Links, link => Find(link.Attributes, key));
        }
    }

    public static TraceValue Intrinsic(TraceSpans trace, int at, TraceIntrinsic intrinsic)
    {
        var span = trace.Spans[at];
        return intrinsic switch
        {
            TraceIntrinsic.Duration => TraceValue.OfDuration(span.DurationNs),
            TraceIntrinsic.Name => TraceValue.OfText(span.Name),
            TraceIntrinsic.Status => TraceValue.OfStatus(span.Status),
            TraceIntrinsic.StatusMessage => TraceValue.OfText(span.StatusMessage),
            TraceIntrinsic.Kind => TraceValue.OfKind(span.Kind),
            TraceIntrinsic.ChildCount => TraceValue.OfInt(trace.Tree.ChildCount(at)),
            TraceIntrinsic.SpanId => TraceValue.OfText(SpanId(span.SpanId)),
            TraceIntrinsic.ParentId => TraceValue.OfText(span.ParentSpanId == 0 ? "" : SpanId(span.ParentSpanId)),
            TraceIntrinsic.Parent => span.ParentSpanId == 0 ? TraceValue.Nil : TraceValue.OfText(SpanId(span.ParentSpanId)),
            TraceIntrinsic.TraceDuration => TraceValue.OfDuration(trace.Facts.EndNs - trace.Facts.StartNs),
            TraceIntrinsic.RootName => TraceValue.OfText(trace.Facts.Root?.Name ?? ""),
            TraceIntrinsic.RootService => TraceValue.OfText(trace.Facts.Root?.Resource.ServiceName ?? ""),
            TraceIntrinsic.TraceId => TraceValue.OfText(span.TraceId.ToString()),
            TraceIntrinsic.NestedSetLeft => TraceValue.OfInt(trace.Tree.Left(at)),
            TraceIntrinsic.NestedSetRight => TraceValue.OfInt(trace.Tree.Right(at)),
            TraceIntrinsic.NestedSetParent => TraceValue.OfInt(trace.Tree.NestedSetParent(at)),
            TraceIntrinsic.EventName => OfEach(span.Events, static happened => TraceValue.OfText(happened.Name)),
            TraceIntrinsic.EventTimeSinceStart => OfEach(span.Events, happened => TraceValue.OfDuration(happened.TimeNs - span.StartNs)),
            TraceIntrinsic.LinkTraceId => OfEach(span.Links, static link => TraceValue.OfText(link.TraceId.ToString())),
            TraceIntrinsic.LinkSpanId => OfEach(span.Links, static link => TraceValue.OfText(SpanId(link.SpanId))),
            TraceIntrinsic.InstrumentationName => TraceValue.OfText(span.Scope.Name),
            _ => TraceValue.OfText(span.Scope.Version),
        };
    }

    /// <summary>Ids are compared without the zeros that they may begin with.</summary>
    public static bool IsId(TraceIntrinsic intrinsic) => intrinsic is TraceIntrinsic.TraceId or TraceIntrinsic.SpanId or TraceIntrinsic.ParentId
        or TraceIntrinsic.LinkTraceId or TraceIntrinsic.LinkSpanId;

    private static string SpanId(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    private static TraceValue Find(IReadOnlyList<SpanAttribute> attributes, string key) =>
        TryFind(attributes, key, out var value) ? TraceValue.Of(value) : TraceValue.Nil;

    private static bool TryFind(IReadOnlyList<SpanAttribute> attributes, string key, out AttributeValue value)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Key == key)
            {
                value = attributes[i].Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    private static TraceValue OfEach<T>(IReadOnlyList<T> items, Func<T, TraceValue> read)
    {
        if (items.Count == 0)
        {
            return TraceValue.Nil;
        }
        var found = new List<TraceValue>();
        foreach (var item in items)
        {
            if (read(item) is { IsNil: false } value)
            {
                found.Add(value);
            }
        }
        return TraceValue.OfSeveral(found);
    }
}
