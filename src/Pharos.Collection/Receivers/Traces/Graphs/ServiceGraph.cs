using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces.Graphs;

/// <summary>Requests between services, found by pairing the client's span of a call with the server's.</summary>
/// <remarks>Not thread-safe. The rules are Tempo's, but for three: a server's span without parent is the user's at once and does not
/// wait, a server that sends no spans takes as long as its client waited and not 0 s, and what did not tell is not counted.</remarks>
internal sealed class ServiceGraph(SpanMetricsOptions options, ServiceNames names)
{
    /// <summary>The client of a request that nobody sent a span of.</summary>
    private static ReadOnlySpan<byte> User => "user"u8;

    private readonly Dictionary<(int Client, int Server, ConnectionType Type), GraphEdge> _edges = [];
    private readonly byte[] _room = new byte[CalledPeer.MaxAddress];
    private readonly PendingSpans _pending = new(options.MaxPending);
    private readonly long _waitMs = (long)options.PendingWait.TotalMilliseconds;

    public int EdgeCount => _edges.Count;

    public int PendingCount => _pending.Count;

    /// <summary>Spans that could not wait, because too many did.</summary>
    public long Dropped { get; private set; }

    /// <summary>Spans whose other side did not come, and that are no edge.</summary>
    public long Unpaired { get; private set; }

    /// <summary>Requests that were counted as those of another edge, because there are too many.</summary>
    public long Overflowed { get; private set; }

    public void Add(SpanBatch batch, in SpanRow row, int service, long nowMs)
    {
        if (row.Kind is not (SpanKind.Client or SpanKind.Server or SpanKind.Producer or SpanKind.Consumer))
        {
            return;
        }
        var failed = row.Status == SpanStatus.Error;
        if (row.Kind is SpanKind.Client or SpanKind.Producer)
        {
            var peer = CalledPeer.Of(batch, row, _room);
            var called = peer.Name.IsEmpty ? -1 : names.Of(batch.Tenant, peer.Name);
            var client = new PendingSpan(
                new SpanKey(row.TraceId, row.SpanId), row.SpanId, service, called, row.Kind, failed, row.StartNs, row.EndNs);
            if (peer.IsDatabase && row.Kind == SpanKind.Client)
            {
                CountAlone(client, ConnectionType.Database, nowMs);
            }
            else if (_pending.TryTake(client.Key, wantsClient: false, out var server))
            {
                CountPair(client, server, nowMs);
            }
            else
            {
                Wait(client, nowMs);
            }
            return;
        }
        var answering = new PendingSpan(
            new SpanKey(row.TraceId, row.ParentSpanId), row.SpanId, service, -1, row.Kind, failed, row.StartNs, row.EndNs);
        if (row.ParentSpanId == 0)
        {
            if (row.Kind == SpanKind.Server)
            {
                EdgeOf(names.Of(batch.Tenant, User), service, ConnectionType.VirtualNode).Add(
                    failed, answering.DurationNs, -1, -1, new ExemplarPoint(row.TraceId, row.SpanId, 0, nowMs));
            }
        }
        else if (_pending.TryTake(answering.Key, wantsClient: true, out var caller)
            || _pending.TryTake(new SpanKey(row.TraceId, row.SpanId), wantsClient: true, out caller))
        {
            // The second is Zipkin's way: both sides share one id.
            CountPair(caller, answering, nowMs);
        }
        else
        {
            Wait(answering, nowMs);
        }
    }

    /// <summary>Gives up on spans that have waited long enough.</summary>
    public void Expire(long nowMs)
    {
        while (_pending.TryExpire(nowMs, out var span))
        {
            if (span.IsClient && span.Peer >= 0)
            {
                CountAlone(span, ConnectionType.VirtualNode, nowMs);
            }
            else
            {
                Unpaired++;
            }
        }
    }

    public void Write(SampleWriter writer, long endsBeforeMs)
    {
        foreach (var (key, edge) in _edges)
        {
            if (edge.LastMs >= endsBeforeMs)
            {
                edge.Write(writer);
                continue;
            }
            edge.End(writer);
            _edges.Remove(key);
        }
    }

    private void Wait(in PendingSpan span, long nowMs)
    {
        if (!_pending.Add(span, nowMs + _waitMs))
        {
            Dropped++;
        }
    }

    private void CountPair(in PendingSpan client, in PendingSpan server, long nowMs)
    {
        var isMessage = client.Kind == SpanKind.Producer || server.Kind == SpanKind.Consumer;
        EdgeOf(client.Service, server.Service, isMessage ? ConnectionType.MessagingSystem : ConnectionType.Request).Add(
            client.Failed || server.Failed, server.DurationNs, client.DurationNs, isMessage ? Math.Max(0, server.StartNs - client.EndNs) : -1,
            new ExemplarPoint(client.Key.TraceId, server.SpanId, 0, nowMs));
    }

    private void CountAlone(in PendingSpan client, ConnectionType type, long nowMs) =>
        EdgeOf(client.Service, client.Peer, type).Add(
            client.Failed, client.DurationNs, client.DurationNs, -1, new ExemplarPoint(client.Key.TraceId, client.SpanId, 0, nowMs));

    private GraphEdge EdgeOf(int client, int server, ConnectionType type)
    {
        if (_edges.TryGetValue((client, server, type), out var edge))
        {
            return edge;
        }
        if (_edges.Count >= options.MaxEdges && client + server != ServiceNames.Overflow)
        {
            Overflowed++;
            return EdgeOf(ServiceNames.Overflow, ServiceNames.Overflow, ConnectionType.Request);
        }
        return _edges[(client, server, type)] = new GraphEdge(names[client], names[server], type, options.Exemplars);
    }
}
