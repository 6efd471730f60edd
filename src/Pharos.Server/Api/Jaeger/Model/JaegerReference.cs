using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Model;

/// <summary>What a span has to do with another: its parent first, then its links.</summary>
/// <param name="IsChildOf">Otherwise it follows from it.</param>
internal readonly record struct JaegerReference(bool IsChildOf, TraceId TraceId, ulong SpanId)
{
    private const string RefType = "opentracing.ref_type";

    public static IEnumerable<JaegerReference> Of(Span span)
    {
        if (span.ParentSpanId != 0)
        {
            yield return new JaegerReference(true, span.TraceId, span.ParentSpanId);
        }
        foreach (var link in span.Links)
        {
            yield return new JaegerReference(IsParent(link), link.TraceId, link.SpanId);
        }
    }

    private static bool IsParent(SpanLink link)
    {
        foreach (var attribute in link.Attributes)
        {
            if (attribute.Key == RefType)
            {
                return attribute.Value.ToString() == "child_of";
            }
        }
        return false;
    }
}
