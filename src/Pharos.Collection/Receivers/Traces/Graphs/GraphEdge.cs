using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Traces.Graphs;

/// <summary>What is counted of requests from one service to another.</summary>
internal sealed class GraphEdge
{
    private readonly SpanCounter _total;
    private readonly SpanCounter _failed;
    private readonly SpanHistogram _server;
    private readonly SpanHistogram _client;
    private readonly SpanHistogram? _messaging;

    /// <summary>Whether a request told how long its client waited; the user's never does.</summary>
    private bool _hasClientTime;

    public GraphEdge(ServiceName client, ServiceName server, ConnectionType type, bool hasExemplars)
    {
        var labels = LabelSet.From(
            ("client", client.Name), ("server", server.Name), ("tenant", client.Tenant.Length > 0 ? client.Tenant : server.Tenant),
            ("connection_type", type switch
            {
                ConnectionType.MessagingSystem => "messaging_system",
                ConnectionType.Database => "database",
                ConnectionType.VirtualNode => "virtual_node",
                _ => "",
            }));
        _total = new SpanCounter("traces_service_graph_request_total", labels);
        _failed = new SpanCounter("traces_service_graph_request_failed_total", labels);
        _server = new SpanHistogram(HistogramForm.GraphServer, labels, hasExemplars);
        _client = new SpanHistogram(HistogramForm.GraphClient, labels, hasExemplars);
        _messaging = type == ConnectionType.MessagingSystem ? new SpanHistogram(HistogramForm.GraphMessaging, labels, hasExemplars) : null;
    }

    public long LastMs { get; private set; }

    /// <param name="clientNs">Negative where no client told.</param>
    /// <param name="queuedNs">How long a message was on its way; negative where it was none.</param>
    public void Add(bool failed, long serverNs, long clientNs, long queuedNs, in ExemplarPoint exemplar)
    {
        LastMs = exemplar.TimeMs;
        _total.Add(1);
        _failed.Add(failed ? 1 : 0);
        _server.Add(serverNs / 1e9, exemplar);
        if (clientNs >= 0)
        {
            _hasClientTime = true;
            _client.Add(clientNs / 1e9, exemplar);
        }
        if (queuedNs >= 0)
        {
            _messaging?.Add(queuedNs / 1e9, exemplar);
        }
    }

    public void Write(SampleWriter writer)
    {
        _total.Write(writer);
        _failed.Write(writer);
        _server.Write(writer);
        if (_hasClientTime)
        {
            _client.Write(writer);
        }
        _messaging?.Write(writer);
    }

    public void End(SampleWriter writer)
    {
        _total.End(writer);
        _failed.End(writer);
        _server.End(writer);
        _client.End(writer);
        _messaging?.End(writer);
    }
}
