using System.Globalization;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Traces.Maps;

/// <summary>Puts what spans tell into a map: <c>traces_service_graph_*</c>, which intake writes.</summary>
internal sealed class TracedTraffic(PromEngine engine, IMetricStore store)
{
    private const string Edge = "client,server,connection_type";

    /// <summary>Where a service lies that says nothing of it.</summary>
    private const string NoNamespace = "default";

    private const string Origin = "traces";

    /// <exception cref="QueryException">The store does not answer.</exception>
    public void AddTo(ServiceMap map, MapQuery query, CancellationToken cancellation)
    {
        map.Origin = Origin;
        var range = string.Create(CultureInfo.InvariantCulture, $"[{query.DurationSeconds}s]");
        var spaces = NamespacesOf(query, cancellation);
        var failed = Vector($"sum by({Edge})(rate(traces_service_graph_request_failed_total{range}))", query.TimeMs, cancellation)
            .ToDictionary(static sample => sample.Labels, static sample => sample.Value);
        var edges = new Dictionary<LabelSet, MapEdge>();
        foreach (var sample in Vector($"sum by({Edge})(rate(traces_service_graph_request_total{range}))", query.TimeMs, cancellation))
        {
            if (Add(map, query, sample, failed.GetValueOrDefault(sample.Labels), spaces) is { } edge)
            {
                edges[sample.Labels] = edge;
            }
        }
        if (edges.Count > 0)
        {
            AddLatencies(edges, range, query.TimeMs, cancellation);
        }
    }

    private static MapEdge? Add(ServiceMap map, MapQuery query, VectorSample sample, double failed, Dictionary<string, string> spaces)
    {
        var (client, server, type) = (sample.Labels["client"], sample.Labels["server"], sample.Labels["connection_type"]);
        // What sends no spans lies where its neighbour does.
        var clientSpace = spaces.GetValueOrDefault(client) ?? spaces.GetValueOrDefault(server) ?? NoNamespace;
        var serverSpace = spaces.GetValueOrDefault(server) ?? clientSpace;
        if (sample.Value <= 0 || (query.Namespaces.Count > 0 && !query.Namespaces.Contains(clientSpace) && !query.Namespaces.Contains(serverSpace)))
        {
            return null;
        }
        var source = Party(map, client, clientSpace);
        var target = Party(map, server, serverSpace);
        var (from, to) = (map.NodeOf(source), map.NodeOf(target));
        if (from.Edges.Find(edge => edge.Target == to && edge.Origin != Origin) is { } known)
        {
            // The mesh tells of the same requests, and of more than those that were sampled.
            return known;
        }
        map.Add(source, target, new MapTraffic("http", sample.Value - failed, "200", "", ""));
        map.Add(source, target, new MapTraffic("http", failed, "500", "", ""));
        if (type == "database")
        {
            to.Kind = "database";
        }
        else if (type == "virtual_node")
        {
            (client == "user" ? from : to).Kind = client == "user" ? "user" : "virtual";
        }
        return map.EdgeOf(from, to, "http");
    }

    private void AddLatencies(Dictionary<LabelSet, MapEdge> edges, string range, long timeMs, CancellationToken cancellation)
    {
        const string Histogram = "traces_service_graph_request_server_seconds";
        foreach (var (name, expression) in (ReadOnlySpan<(string, string)>)
            [
                ("avg", $"sum by({Edge})(rate({Histogram}_sum{range})) / sum by({Edge})(rate({Histogram}_count{range}))"),
                ("p50", QuantileOf("0.5")), ("p95", QuantileOf("0.95")), ("p99", QuantileOf("0.99")),
            ])
        {
            foreach (var sample in Vector(expression, timeMs, cancellation))
            {
                if (double.IsFinite(sample.Value) && edges.TryGetValue(sample.Labels, out var edge))
                {
                    edge.Latencies.TryAdd(name, sample.Value * 1000);
                }
            }
        }

        string QuantileOf(string quantile) => $"histogram_quantile({quantile}, sum by(le,{Edge})(rate({Histogram}_bucket{range})))";
    }

    /// <summary>Of each service that says it: <c>service.namespace</c>, else Kubernetes' namespace.</summary>
    private Dictionary<string, string> NamespacesOf(MapQuery query, CancellationToken cancellation)
    {
        var spaces = new Dictionary<string, string>(StringComparer.Ordinal);
        var expression = string.Create(
            CultureInfo.InvariantCulture, $"count by(job,k8s_namespace_name)(last_over_time(traces_target_info[{query.DurationSeconds}s]))");
        foreach (var sample in Vector(expression, query.TimeMs, cancellation))
        {
            var job = sample.Labels["job"];
            var slash = job.IndexOf('/', StringComparison.Ordinal);
            var space = slash > 0 ? job[..slash] : sample.Labels["k8s_namespace_name"];
            if (space.Length > 0)
            {
                spaces[slash > 0 ? job[(slash + 1)..] : job] = space;
            }
        }
        return spaces;
    }

    private IReadOnlyList<VectorSample> Vector(string expression, long timeMs, CancellationToken cancellation) =>
        engine.Instant(store, expression, timeMs, null, cancellation).Value is VectorValue vector ? vector.Samples : [];

    /// <summary>The mesh's service of the name, where it tells of one; otherwise one of no cluster that is known.</summary>
    private static MapParty Party(ServiceMap map, string service, string space)
    {
        var known = map.ServiceOf(service, space);
        return new MapParty(known?.Cluster ?? MapParty.Unknown, known?.Namespace ?? space, service, "", "", "", "");
    }
}
