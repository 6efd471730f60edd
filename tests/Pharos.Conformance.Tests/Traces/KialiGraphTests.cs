using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pharos.Query.PromQL;
using Pharos.Server.Api.Maps;
using Pharos.Server.Traces.Maps;
using Pharos.Storage.Metrics;

namespace Pharos.Conformance.Tests.Traces;

/// <summary>Kiali's expected graphs. Its files say what comes out and not what goes in, which its tests have in code: so the series are made
/// of the edges that are expected, and the graph of these series must be the file's again, to every id, rate and percentage.</summary>
public sealed class KialiGraphTests
{
    private const string Folder = "jaeger/kiali-graph";

    /// <summary>Its waypoints are known by Kubernetes' labels, which Kiali reads from the cluster and no metric has; its edges have two protocols at
    /// once, whose shares cannot be told from the sum.</summary>
    private const string NeedsCluster = "test_ambient_graph.expected";

    public static TheoryData<string> Files => ConformanceFiles.Named(
        Folder, static name => name.EndsWith(".expected", StringComparison.Ordinal) && name != NeedsCluster);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_graph_of_the_series_is_the_expected_one(string name)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(ConformanceFiles.Path($"{Folder}/{name}"), TestContext.Current.CancellationToken))!;
        var query = QueryOf(name, expected);
        LeaveOutMocked(expected, query);
        using var meter = new Meter("test");
        await using var store = MetricStore.OpenInMemory(meter);
        new KialiSeries(store, expected, query).Write();
        var map = new ServiceMap(query.Type);
        new IstioTraffic(new PromEngine(new PromEngineOptions(), TimeProvider.System), store).AddTo(map, query, TestContext.Current.CancellationToken);
        if (query.Type == MapType.Service)
        {
            map.ReduceToServices();
        }
        map.MarkOutside(query.Namespaces);
        if (query.Type is MapType.App or MapType.VersionedApp)
        {
            map.Box("app");
        }
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
        {
            MapJson.Write(json, map, query, isKialis: true);
        }
        var actual = JsonNode.Parse(stream.ToArray())!;
        Assert.Equal(Lines(expected), Lines(actual));
    }

    private static MapQuery QueryOf(string name, JsonNode expected)
    {
        var nodes = expected["elements"]!["nodes"]!.AsArray().Select(static node => node!["data"]!).ToArray();
        return new MapQuery
        {
            Type = (string)expected["graphType"]! switch
            {
                "app" => MapType.App,
                "versionedApp" => MapType.VersionedApp,
                "service" => MapType.Service,
                _ => MapType.Workload,
            },
            TimeMs = (long)expected["timestamp"]! * 1000,
            Duration = TimeSpan.FromSeconds((long)expected["duration"]!),
            Namespaces = [.. nodes.Where(static node => node["isOutside"] is null).Select(static node => (string)node["namespace"]!)
                .Where(static space => space != MapParty.Unknown).Distinct()],
            InjectsServices = name == "test_mc_source_graph.expected",
            HttpRate = name == "test_rates_none_graph.expected" ? "none" : "requests",
            GrpcRate = RateOf(name) ?? "requests",
            TcpRate = RateOf(name) ?? "sent",
            Focus = name switch
            {
                "test_app_node_graph.expected" => new MapFocus("bookinfo", "", "productpage", "", ""),
                "test_versioned_app_node_graph.expected" => new MapFocus("bookinfo", "", "productpage", "v1", ""),
                "test_workload_node_graph.expected" or "test_rates_node_graph_total.expected" => new MapFocus("bookinfo", "productpage-v1", "", "", ""),
                "test_service_node_graph.expected" => new MapFocus("bookinfo", "", "", "", "productpage"),
                _ => null,
            },
        };
    }

    private static string? RateOf(string name) => name switch
    {
        "test_rates_received_graph.expected" => "received",
        "test_rates_sent_graph.expected" => "sent",
        "test_rates_total_graph.expected" or "test_rates_none_graph.expected" or "test_rates_node_graph_total.expected" => "total",
        _ => null,
    };

    /// <summary>Kiali's test answers a query for some namespaces with a series that has nothing to do with them, as no store does. And who may
    /// see a namespace Kiali asks Kubernetes; here there is nobody who may not.</summary>
    private static void LeaveOutMocked(JsonNode expected, MapQuery query)
    {
        var elements = expected["elements"]!;
        var nodes = elements["nodes"]!.AsArray();
        var spaces = nodes.ToDictionary(static node => (string)node!["data"]!["id"]!, static node => (string)node!["data"]!["namespace"]!);
        foreach (var edge in elements["edges"]!.AsArray().ToArray())
        {
            var (source, target) = ((string)edge!["data"]!["source"]!, (string)edge["data"]!["target"]!);
            if (!query.Namespaces.Contains(spaces[source]) && !query.Namespaces.Contains(spaces[target]))
            {
                elements["edges"]!.AsArray().Remove(edge);
                foreach (var node in nodes.Where(node => (string)node!["data"]!["id"]! is var id && (id == source || id == target)).ToArray())
                {
                    nodes.Remove(node);
                }
            }
        }
        foreach (var node in nodes.Select(static node => node!["data"]!.AsObject()).Where(static node => node["isOutside"] is not null))
        {
            node.Remove("isInaccessible");
        }
    }

    /// <summary>Everything a graph says, a line for each fact.</summary>
    private static string[] Lines(JsonNode graph) =>
    [
        $"{graph["timestamp"]} {graph["duration"]} {graph["graphType"]}",
        .. graph["elements"]!["nodes"]!.AsArray().Concat(graph["elements"]!["edges"]!.AsArray()).Select(static element => element!["data"]!)
            .SelectMany(static element => Facts((string)element["id"]!, element)).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Facts(string at, JsonNode? value) => value switch
    {
        JsonObject map => map.SelectMany(pair => Facts($"{at}.{pair.Key}", pair.Value)),
        JsonArray list => list.SelectMany((item, i) => Facts($"{at}[{i}]", item)),
        _ => [$"{at} = {value?.ToJsonString() ?? "null"}"],
    };
}
