using System.Text.Json;
using Pharos.Server.Tests.Api;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Tests.Traces;

public sealed class ServiceMapTests
{
    [Fact]
    public async Task Spans_alone_make_a_map_with_rates_errors_latencies_and_health()
    {
        await using var server = await RunningServer.StartAsync();
        Send(server, requests: 20, failures: 2);
        var map = await server.JsonAsync("/api/pharos/service-map");
        DescribedAnswer.Check(await server.JsonAsync("/api/pharos/openapi.json"), "ServiceMap", map);
        var nodes = map.GetProperty("elements").GetProperty("nodes").EnumerateArray().Select(static node => node.GetProperty("data"))
            .ToDictionary(static node => node.GetProperty("service").GetString()!);
        Assert.Equal(["orders", "postgresql", "user", "web"], nodes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("shop", nodes["web"].GetProperty("namespace").GetString());
        Assert.Equal("database", nodes["postgresql"].GetProperty("kind").GetString());
        Assert.Equal("user", nodes["user"].GetProperty("kind").GetString());
        Assert.True(nodes["user"].GetProperty("isRoot").GetBoolean());
        var edge = map.GetProperty("elements").GetProperty("edges").EnumerateArray().Select(static edge => edge.GetProperty("data"))
            .Single(edge => edge.GetProperty("source").GetString() == nodes["web"].GetProperty("id").GetString()
                && edge.GetProperty("target").GetString() == nodes["orders"].GetProperty("id").GetString());
        Assert.Equal(0.1, edge.GetProperty("errorShare").GetDouble(), 6);
        Assert.Equal("10.0", edge.GetProperty("traffic").GetProperty("rates").GetProperty("httpPercentErr").GetString());
        Assert.Equal("Failure", edge.GetProperty("health").GetProperty("status").GetString());
        Assert.Equal("red", edge.GetProperty("health").GetProperty("color").GetString());
        // 150 ms each, in the bucket of 0.1 to 0.2 s.
        Assert.Equal(150, edge.GetProperty("latencies").GetProperty("avg").GetDouble(), 3);
        Assert.Equal(150, edge.GetProperty("latencies").GetProperty("p50").GetDouble(), 3);
        Assert.Equal(195, edge.GetProperty("latencies").GetProperty("p95").GetDouble(), 3);
        Assert.Equal("195", edge.GetProperty("responseTime").GetString());
        Assert.Equal("traces", edge.GetProperty("origin").GetString());
        var elsewhere = await server.JsonAsync("/api/pharos/service-map?namespace=elsewhere");
        Assert.Equal(0, elsewhere.GetProperty("elements").GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public async Task A_mesh_s_services_and_traced_ones_are_one_map()
    {
        await using var server = await RunningServer.StartAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        (string, string)[] labels =
        [
            ("__name__", "istio_requests_total"), ("reporter", "source"), ("source_workload", "web-v1"), ("source_workload_namespace", "shop"),
            ("source_cluster", "east"), ("destination_cluster", "east"), ("destination_service_name", "orders"), ("destination_service_namespace", "shop"),
            ("destination_workload", "orders-v1"), ("destination_workload_namespace", "shop"), ("request_protocol", "http"), ("response_code", "200"),
            ("response_flags", "-"), ("destination_service", "orders:80"),
        ];
        for (var i = 0; i < 20; i++)
        {
            server.Add(now - 300_000 + (i * 15_000), 1000 + (i * 150), labels);
        }
        Send(server, requests: 20, failures: 2);
        var map = await server.JsonAsync("/api/pharos/service-map?start=" + ((now / 1000) - 300));
        var nodes = map.GetProperty("elements").GetProperty("nodes").EnumerateArray().Select(static node => node.GetProperty("data")).ToArray();
        var orders = Assert.Single(nodes, static node => node.TryGetProperty("service", out var name) && name.GetString() == "orders");
        Assert.Equal("east", orders.GetProperty("cluster").GetString());
        Assert.Equal(["istio", "traces", "traces", "traces"],
            map.GetProperty("elements").GetProperty("edges").EnumerateArray().Select(static edge => edge.GetProperty("data").GetProperty("origin").GetString())
                .Order(StringComparer.Ordinal));
        var kiali = await server.JsonAsync("/api/namespaces/graph?graphType=workload&namespaces=shop&duration=300s");
        Assert.Equal("10.00", kiali.GetProperty("elements").GetProperty("edges")[0].GetProperty("data").GetProperty("traffic").GetProperty("rates")
            .GetProperty("http").GetString());
        Assert.Equal(2, kiali.GetProperty("elements").GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public async Task Jaegers_and_tempos_series_are_there_and_lead_to_traces()
    {
        await using var server = await RunningServer.StartAsync();
        Send(server, requests: 3, failures: 0);
        foreach (var (query, label) in ((string, string)[])
            [("traces_span_metrics_duration_milliseconds_bucket", "trace_id"), ("traces_spanmetrics_latency_bucket", "traceID")])
        {
            var found = await server.JsonAsync($"/api/v1/query_exemplars?start=0&end=9999999999&query={query}");
            var exemplars = found.GetProperty("data").EnumerateArray().SelectMany(static series => series.GetProperty("exemplars").EnumerateArray()).ToArray();
            Assert.NotEmpty(exemplars);
            Assert.All(exemplars, exemplar =>
            {
                Assert.True(TraceId.TryParse(exemplar.GetProperty("labels").GetProperty(label).GetString(), out var id));
                Assert.NotNull(server.Server.Parts.Traces.Store.Get("", id));
            });
        }
        const string Calls =
            "sum(rate(traces_span_metrics_calls_total{service_name =~ \"orders\", span_kind =~ \"SPAN_KIND_SERVER\"}[10m])) by (service_name) > 0";
        var rate = await server.JsonAsync($"/api/v1/query?query={Uri.EscapeDataString(Calls)}");
        Assert.Equal("orders", rate.GetProperty("data").GetProperty("result")[0].GetProperty("metric").GetProperty("service_name").GetString());
    }

    [Fact]
    public async Task Calls_between_services_survive_a_restart()
    {
        var folder = RunningServer.NewFolder();
        var data = RunningServer.NewFolder();
        try
        {
            await using (var server = await RunningServer.StartAsync(folder, options => options with { DataPath = data }))
            {
                Send(server, requests: 3, failures: 0);
            }
            folder = RunningServer.NewFolder();
            await using var again = await RunningServer.StartAsync(folder, options => options with { DataPath = data });
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            Assert.Equal("web orders 3", string.Join('|', again.Server.Parts.Traces.Dependencies.Read("", now - 600_000, now)
                .Select(static edge => $"{edge.Parent} {edge.Child} {edge.CallCount}")));
            Assert.Equal(
                """{"data":[{"parent":"web","child":"orders","callCount":3}],"total":0,"limit":0,"offset":0,"errors":null}""",
                (await again.GetAsync($"/api/dependencies?endTs={now}&lookback=600000")).Body);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Theory]
    [InlineData("/api/pharos/service-map?start=x", "start must be seconds since 1970 or RFC 3339, not \"x\"")]
    [InlineData("/api/pharos/service-map?start=5&end=4", "start must lie before end, by 31 days at most")]
    [InlineData("/api/pharos/service-map?graphType=x", "graphType must be app, versionedApp, workload or service, not \"x\"")]
    [InlineData("/api/namespaces/graph?duration=x", "Invalid duration [x]")]
    [InlineData("/api/namespaces/graph?graphType=x", "Invalid graphType [x]")]
    [InlineData("/api/namespaces/graph?queryTime=x", "Invalid queryTime [x]")]
    [InlineData("/api/namespaces/graph?rateTcp=x", "Invalid TCP rate [x]")]
    [InlineData("/api/namespaces/graph?boxBy=x", "Invalid boxBy [x]")]
    public async Task A_question_that_makes_no_sense_is_refused(string path, string error)
    {
        await using var server = await RunningServer.StartAsync();
        var (status, body) = await server.GetAsync(path);
        Assert.Equal(400, status);
        Assert.Equal(error, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
    }

    /// <summary>Users' requests to a web service, which asks another one, which asks a database; then all is written.</summary>
    private static void Send(RunningServer server, int requests, int failures)
    {
        var traces = server.Server.Parts.Traces;
        var nowNs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        for (var i = 1UL; i <= (ulong)requests; i++)
        {
            var status = i <= (ulong)failures ? SpanStatus.Error : SpanStatus.Unset;
            var batch = new SpanBatch();
            Begin(batch, "web");
            Span(batch, i, 1, 0, SpanKind.Server, 200, status);
            Span(batch, i, 2, 1, SpanKind.Client, 180, status);
            Begin(batch, "orders");
            Span(batch, i, 3, 2, SpanKind.Server, 150, status);
            Span(batch, i, 4, 3, SpanKind.Client, 50, SpanStatus.Unset);
            batch.AddAttribute("db.system"u8, AttributeKind.Text, "postgresql"u8);
            Assert.Equal(0, traces.Intake.Accept(batch).Rejected);
        }
        Thread.Sleep(20); // A counter's zero stands a millisecond after the start.
        traces.Metrics.Write();

        void Span(SpanBatch batch, ulong trace, ulong id, ulong parent, SpanKind kind, long milliseconds, SpanStatus status)
        {
            ref var row = ref batch.BeginSpan();
            (row.TraceId, row.SpanId, row.ParentSpanId, row.Kind, row.Status) = (new TraceId(7, trace), id, parent, kind, status);
            (row.StartNs, row.EndNs, row.Name) = (nowNs, nowNs + (milliseconds * 1_000_000), batch.Keep("GET /"));
        }

        static void Begin(SpanBatch batch, string service)
        {
            batch.BeginResource();
            batch.AddAttribute("service.name", AttributeValue.OfText(service));
            batch.AddAttribute("service.namespace", AttributeValue.OfText("shop"));
            batch.AddAttribute("host.name", AttributeValue.OfText("box"));
        }
    }
}
