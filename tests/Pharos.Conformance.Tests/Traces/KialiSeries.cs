using System.Globalization;
using System.Text.Json.Nodes;
using Pharos.Server.Traces.Maps;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Traces;

/// <summary>The series of Istio's proxies of which a graph of Kiali's comes.</summary>
internal sealed class KialiSeries(IMetricStore store, JsonNode graph, MapQuery query)
{
    private const long StepMs = 15_000;

    private readonly Dictionary<string, JsonNode> _nodes = graph["elements"]!["nodes"]!.AsArray()
        .ToDictionary(static node => (string)node!["data"]!["id"]!, static node => node!["data"]!);

    private readonly JsonNode[] _edges = [.. graph["elements"]!["edges"]!.AsArray().Select(static edge => edge!["data"]!)];

    public void Write()
    {
        var left = _edges.ToDictionary(static edge => edge, static edge => Rate(edge, (string)edge["traffic"]!["protocol"]!));
        foreach (var edge in _edges)
        {
            var (source, target) = (_nodes[(string)edge["source"]!], _nodes[(string)edge["target"]!]);
            if (!query.InjectsServices || target["isInjected"] is null)
            {
                if (source["isInjected"] is null || !query.InjectsServices)
                {
                    WriteEdge(edge, source, target, Service(target, edge), 1);
                }
                continue;
            }
            // A request is two edges: to the service, and on to a workload. Which belong together is nobody's business: any fit does.
            foreach (var onward in _edges.Where(other => (string)other["source"]! == (string)edge["target"]!))
            {
                var share = Math.Min(left[edge], left[onward]);
                if (share > 0)
                {
                    left[edge] -= share;
                    left[onward] -= share;
                    WriteEdge(edge, source, _nodes[(string)onward["target"]!], (string)target["service"]!, share / Rate(edge, "http"));
                }
            }
        }
    }

    private void WriteEdge(JsonNode edge, JsonNode source, JsonNode target, string service, double share)
    {
        var traffic = edge["traffic"]!;
        var protocol = (string)traffic["protocol"]!;
        var labels = new LabelSetBuilder()
            .Set("reporter", (string)source["nodeType"]! == "unknown" ? "destination" : "source")
            .Set("source_cluster", (string)source["cluster"]!).Set("source_workload_namespace", (string)source["namespace"]!)
            .Set("source_workload", Workload(source))
            .Set("source_canonical_service", Text(source, "app")).Set("source_canonical_revision", Text(source, "version"))
            .Set("destination_cluster", (string)target["cluster"]!).Set("destination_workload_namespace", (string)target["namespace"]!)
            .Set("destination_workload", Workload(target)).Set("destination_service_name", service)
            .Set("destination_service_namespace", (string)target["namespace"]!);
        var isService = (string)target["nodeType"]! == "service" && query.Type != MapType.Service || service == MapParty.Unknown;
        labels.Set("destination_canonical_service", isService ? MapParty.Unknown : Text(target, "app"))
            .Set("destination_canonical_revision", isService ? MapParty.Unknown : Text(target, "version"));
        if (isService)
        {
            labels.Set("destination_workload", MapParty.Unknown);
        }
        var total = Rate(edge, protocol) * share;
        foreach (var (code, responses) in traffic["responses"]!.AsObject())
        {
            var part = responses!["hosts"]?.AsObject().Single() ?? responses["flags"]!.AsObject().Single();
            var rate = Exact(double.Parse((string)part.Value!, CultureInfo.InvariantCulture) * total / 100, total);
            labels.Set("destination_service", responses["hosts"]?.AsObject().Single().Key ?? "")
                .Set("response_flags", responses["flags"]?.AsObject().Single().Key ?? "");
            WriteSeries(labels, protocol, code, rate);
        }
    }

    private void WriteSeries(LabelSetBuilder labels, string protocol, string code, double rate)
    {
        var kind = protocol == "tcp" ? query.TcpRate : protocol == "grpc" ? query.GrpcRate : "requests";
        if (kind == "requests")
        {
            labels.Set("request_protocol", protocol).Set("response_code", code == "-" ? "0" : protocol == "grpc" ? "200" : code)
                .Set("grpc_response_status", protocol == "grpc" && code != "-" ? code : "");
            Write("istio_requests_total", labels, rate);
            labels.Remove("request_protocol").Remove("response_code").Remove("grpc_response_status");
            return;
        }
        if (kind is "sent" or "total")
        {
            Write(protocol == "tcp" ? "istio_tcp_sent_bytes_total" : "istio_request_messages_total", labels, kind == "total" ? rate / 4 : rate);
        }
        if (kind is "received" or "total")
        {
            Write(protocol == "tcp" ? "istio_tcp_received_bytes_total" : "istio_response_messages_total", labels, kind == "total" ? rate * 3 / 4 : rate);
        }
    }

    /// <summary>A counter of that rate over the whole time.</summary>
    private void Write(string metric, LabelSetBuilder labels, double rate)
    {
        var full = labels.Set(Label.MetricName, metric).Build();
        using var appender = store.Appender();
        var reference = 0UL;
        var value = 1e6;
        for (var at = query.StartMs; at <= query.TimeMs; at += StepMs)
        {
            Assert.Equal(AppendResult.Ok, appender.Append(ref reference, full, at, value));
            value += rate * StepMs / 1000;
        }
        appender.Commit();
    }

    /// <summary>Percentages are rounded to a tenth: the whole number that rounds to this one.</summary>
    private static double Exact(double rate, double total) =>
        Math.Abs(Math.Round(rate) - rate) <= total * 0.0006 ? Math.Round(rate) : rate;

    private static double Rate(JsonNode edge, string protocol) =>
        double.Parse((string)edge["traffic"]!["rates"]![protocol]!, CultureInfo.InvariantCulture);

    private static string Text(JsonNode node, string name) => (string?)node[name] ?? "";

    /// <summary>Where nodes are apps or services, any workload of it does.</summary>
    private static string Workload(JsonNode node) => Text(node, "workload") is { Length: > 0 } workload ? workload
        : Text(node, "app") is { Length: > 0 } app ? app + "-v1" : Text(node, "service") + "-v1";

    /// <summary>The service that was asked for: of those that the target has, the one that the host names.</summary>
    private static string Service(JsonNode target, JsonNode edge)
    {
        if ((string)target["nodeType"]! == "service")
        {
            return (string)target["service"]!;
        }
        var services = target["destServices"]?.AsArray().Select(static service => (string)service!["name"]!).ToArray() ?? [];
        var host = edge["traffic"]!["responses"]!.AsObject().Select(static code => code.Value!["hosts"]?.AsObject().First().Key).First() ?? "";
        return host.Length == 0 ? ""
            : services.FirstOrDefault(service => host.StartsWith(service, StringComparison.Ordinal)) ?? services.FirstOrDefault() ?? "";
    }
}
