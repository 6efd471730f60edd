using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Another span that this one follows from or is a child of.</summary>
internal readonly record struct JaegerReference(TraceId TraceId, ulong SpanId, bool FollowsFrom);
