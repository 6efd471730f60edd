using System.Globalization;
using System.Text.RegularExpressions;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Traces.Maps;

/// <summary>Puts what Istio's proxies tell into a map: <c>istio_requests_total</c> and its companions.</summary>
/// <remarks>A request is told of by both sides. As Kiali does it, the source's word counts, and the target's where the source has no
/// proxy. Which namespaces are asked for is decided here and not by several queries, so that no request counts twice.</remarks>
internal sealed class IstioTraffic(PromEngine engine, IMetricStore store)
{
    private const string Parties =
        "reporter,source_cluster,source_workload_namespace,source_workload,source_canonical_service,source_canonical_revision,"
        + "source_app,source_version,destination_cluster,destination_service_namespace,destination_service,destination_service_name,"
        + "destination_workload_namespace,destination_workload,destination_canonical_service,destination_canonical_revision,"
        + "destination_app,destination_version,response_flags";

    private const string RequestLabels = Parties + ",request_protocol,response_code,grpc_response_status";

    /// <exception cref="QueryException">The store does not answer.</exception>
    public void AddTo(ServiceMap map, MapQuery query, CancellationToken cancellation)
    {
        if (query.HttpRate == "requests")
        {
            Add(map, query, "istio_requests_total", "request_protocol=\"http\"", RequestLabels, "http", cancellation);
        }
        if (query.GrpcRate == "requests")
        {
            Add(map, query, "istio_requests_total", "request_protocol=\"grpc\"", RequestLabels, "grpc", cancellation);
        }
        if (query.GrpcRate is "sent" or "total")
        {
            Add(map, query, "istio_request_messages_total", "", Parties, "grpc", cancellation);
        }
        if (query.GrpcRate is "received" or "total")
        {
            Add(map, query, "istio_response_messages_total", "", Parties, "grpc", cancellation);
        }
        if (query.TcpRate is "sent" or "total")
        {
            Add(map, query, "istio_tcp_sent_bytes_total", "", Parties, "tcp", cancellation);
        }
        if (query.TcpRate is "received" or "total")
        {
            Add(map, query, "istio_tcp_received_bytes_total", "", Parties, "tcp", cancellation);
        }
    }

    /// <summary>Milliseconds that requests took, by the nodes of a map: mean and quantiles.</summary>
    public void AddLatencies(ServiceMap map, MapQuery query, CancellationToken cancellation)
    {
        const string Histogram = "istio_request_duration_milliseconds";
        var range = RangeOf(query);
        foreach (var (name, expression) in (ReadOnlySpan<(string, string)>)
            [
                ("avg", $"sum by({Parties})(rate({Histogram}_sum{range})) / sum by({Parties})(rate({Histogram}_count{range}))"),
                ("p50", QuantileOf("0.5")), ("p95", QuantileOf("0.95")), ("p99", QuantileOf("0.99")),
            ])
        {
            foreach (var sample in Vector(expression, query.TimeMs, cancellation))
            {
                if (double.IsFinite(sample.Value) && Read(sample.Labels, query) is (var source, var target))
                {
                    SetLatency(map, source, target, name, sample.Value);
                }
            }
        }

        string QuantileOf(string quantile) => $"histogram_quantile({quantile}, sum by(le,{Parties})(rate({Histogram}_bucket{range})))";
    }

    private static void SetLatency(ServiceMap map, in MapParty source, in MapParty target, string name, double value)
    {
        var (from, to) = (map.NodeOf(source), map.NodeOf(target));
        foreach (var edge in from.Edges)
        {
            // Quantiles cannot be added up: of several series the slowest is told.
            if (edge.Target == to && edge.Protocol != "tcp")
            {
                edge.Latencies[name] = Math.Max(edge.Latencies.GetValueOrDefault(name), value);
            }
        }
    }

    private void Add(
        ServiceMap map, MapQuery query, string metric, string matcher, string labels, string protocol, CancellationToken cancellation)
    {
        foreach (var sample in Vector(Expression(query, metric, matcher, labels), query.TimeMs, cancellation))
        {
            if (Read(sample.Labels, query) is not (var source, var target))
            {
                continue;
            }
            var code = labels == Parties ? "" : CodeOf(protocol, sample.Labels);
            map.Add(
                source, target, new MapTraffic(protocol, sample.Value, code, sample.Labels["response_flags"], sample.Labels["destination_service"]),
                query.InjectsServices);
        }
    }

    /// <summary>Only series that have to do with the namespaces that are asked for.</summary>
    private static string Expression(MapQuery query, string metric, string matcher, string labels)
    {
        var range = RangeOf(query);
        if (query.Namespaces.Count == 0)
        {
            return $"sum by({labels})(rate({metric}{{{matcher}}}{range}))";
        }
        var names = GoQuote.Quote(string.Join('|', query.Namespaces.Select(Regex.Escape)));
        var more = matcher.Length > 0 ? "," + matcher : "";
        return $"sum by({labels})(rate({metric}{{source_workload_namespace=~{names}{more}}}{range})) or "
            + $"sum by({labels})(rate({metric}{{destination_service_namespace=~{names}{more}}}{range})) or "
            + $"sum by({labels})(rate({metric}{{destination_workload_namespace=~{names}{more}}}{range}))";
    }

    private static string RangeOf(MapQuery query) => string.Create(CultureInfo.InvariantCulture, $"[{query.DurationSeconds}s]");

    private IReadOnlyList<VectorSample> Vector(string expression, long timeMs, CancellationToken cancellation) =>
        engine.Instant(store, expression, timeMs, null, cancellation).Value is VectorValue vector ? vector.Samples : [];

    /// <summary>Both sides of a series, where it counts.</summary>
    private static (MapParty Source, MapParty Target)? Read(LabelSet labels, MapQuery query)
    {
        var source = new MapParty(
            Or(labels["source_cluster"], MapParty.Unknown), "", "", labels["source_workload_namespace"], labels["source_workload"],
            Or(labels["source_canonical_service"], labels["source_app"]), Or(labels["source_canonical_revision"], labels["source_version"]));
        var target = new MapParty(
            Or(labels["destination_cluster"], MapParty.Unknown), labels["destination_service_namespace"], labels["destination_service_name"],
            labels["destination_workload_namespace"], labels["destination_workload"],
            Or(labels["destination_canonical_service"], labels["destination_app"]),
            Or(labels["destination_canonical_revision"], labels["destination_version"]));
        if (source.Workload.Length == 0 || (target.Service.Length == 0 && target.Workload.Length == 0))
        {
            return null;
        }
        var asked = query.Namespaces;
        var isFromUnknown = source.Workload == MapParty.Unknown;
        var counts = labels["reporter"] switch
        {
            "destination" => isFromUnknown && (asked.Count == 0 || asked.Contains(target.WorkloadNamespace)),
            "source" => asked.Count == 0 || asked.Contains(source.WorkloadNamespace)
                || (!isFromUnknown && asked.Contains(target.ServiceNamespace)),
            _ => false,
        };
        return counts && (query.Focus is not { } focus || focus.IsSource(source) || focus.IsTarget(target)) ? (source, target) : null;
    }

    private static string Or(string first, string second) => first.Length > 0 ? first : second;

    private static string CodeOf(string protocol, LabelSet labels)
    {
        var code = labels["response_code"];
        var status = labels["grpc_response_status"];
        return code == "0" || code.Length == 0 ? MapTraffic.NoResponse
            : protocol == "grpc" && status.Length > 0 ? status
            : code;
    }
}
