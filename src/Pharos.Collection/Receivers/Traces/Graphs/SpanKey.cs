using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Graphs;

/// <summary>One span of one trace.</summary>
internal readonly record struct SpanKey(TraceId TraceId, ulong SpanId)
{
    public override int GetHashCode() => HashCode.Combine(TraceId.High, TraceId.Low, SpanId);
}
