using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Graphs;

/// <summary>One side of a call.</summary>
/// <param name="Key">The client's span, whichever side this is.</param>
/// <param name="SpanId">Its own.</param>
/// <param name="Peer">What the client says it calls, where it says so; negative for nothing.</param>
internal readonly record struct PendingSpan(
    SpanKey Key, ulong SpanId, int Service, int Peer, SpanKind Kind, bool Failed, long StartNs, long EndNs)
{
    public bool IsClient => Kind is SpanKind.Client or SpanKind.Producer;

    public long DurationNs => EndNs - StartNs;
}
