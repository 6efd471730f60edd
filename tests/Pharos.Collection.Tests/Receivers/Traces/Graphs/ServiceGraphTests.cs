using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Collection.Tests.Receivers.Traces.Graphs;

public sealed class ServiceGraphTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly Meter _meter = new("test");
    private readonly FakeMetricStore _store = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly DependencyStore _dependencies =
        DependencyStore.Open(null, DependencyLimits.Default, TimeProvider.System, NullLogger.Instance);

    public void Dispose()
    {
        _meter.Dispose();
        _dependencies.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clients_and_a_servers_span_are_one_request(bool clientComesFirst)
    {
        using var metrics = Metrics();
        var client = Some.Batch("web", Of(1, 0, SpanKind.Client, 0, 300));
        var server = Some.Batch("orders", Of(2, 1, SpanKind.Server, 50, 250));
        metrics.Add(clientComesFirst ? client : server);
        metrics.Add(clientComesFirst ? server : client);
        Write(metrics);
        Assert.Equal("0 1", Values("request_total", "client=\"web\", server=\"orders\""));
        Assert.Equal("0 0", Values("request_failed_total", "client=\"web\", server=\"orders\""));
        Assert.Equal("0 0.2", Values("request_server_seconds_sum", "client=\"web\", server=\"orders\""));
        Assert.Equal("0 0.3", Values("request_client_seconds_sum", "client=\"web\", server=\"orders\""));
        Assert.Equal("0 0", Values("request_client_seconds_bucket", "client=\"web\", le=\"0.2\", server=\"orders\""));
        Assert.Equal("0 1", Values("request_client_seconds_bucket", "client=\"web\", le=\"0.4\", server=\"orders\""));
        var exemplar = Assert.Single(_store.ExemplarsOf(
            "traces_service_graph_request_server_seconds_bucket{client=\"web\", le=\"0.2\", server=\"orders\"}"));
        Assert.Equal("00000000000000000000000000000001", exemplar.Labels["traceID"]);
    }

    [Fact]
    public void A_request_failed_where_either_side_says_so()
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("web", Of(1, 0, SpanKind.Client, 0, 3) with { Status = SpanStatus.Error }, Of(3, 0, SpanKind.Client, 0, 3)));
        metrics.Add(Some.Batch("orders", Of(2, 1, SpanKind.Server, 0, 3), Of(4, 3, SpanKind.Server, 0, 3) with { Status = SpanStatus.Error }));
        Write(metrics);
        Assert.Equal("0 2", Values("request_total", "client=\"web\", server=\"orders\""));
        Assert.Equal("0 2", Values("request_failed_total", "client=\"web\", server=\"orders\""));
    }

    [Fact]
    public void A_message_is_on_its_way_between_producer_and_consumer()
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("web", Of(1, 0, SpanKind.Producer, 0, 10)));
        metrics.Add(Some.Batch("mailer", Of(2, 1, SpanKind.Consumer, 1_510, 1_600)));
        Write(metrics);
        const string Edge = "client=\"web\", connection_type=\"messaging_system\", server=\"mailer\"";
        Assert.Equal("0 1", Values("request_total", Edge));
        Assert.Equal("0 1.5", Values("request_messaging_system_seconds_sum", Edge));
    }

    [Theory]
    [InlineData("peer.service=orders-db db.system=postgresql server.address=10.0.0.1", "orders-db")]
    [InlineData("db.system=postgresql server.address=db.local db.name=orders", "db.local")]
    [InlineData("db.system.name=postgresql network.peer.address=10.0.0.1 network.peer.port=5432", "10.0.0.1:5432")]
    [InlineData("db.system=postgresql db.namespace=orders", "orders")]
    [InlineData("db.system=redis", "redis")]
    public void A_database_is_named_by_what_its_client_says(string attributes, string name)
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("orders", Of(1, 0, SpanKind.Client, 0, 300) with
        {
            Attributes = [.. attributes.Split(' ').Select(pair => pair.Split('='))
                .Select(pair => new SpanAttribute(pair[0], AttributeValue.OfText(pair[1])))],
        }));
        Write(metrics);
        Assert.Equal("0 1", Values("request_total", $"client=\"orders\", connection_type=\"database\", server=\"{name}\""));
        Assert.Equal("0 0.3", Values("request_server_seconds_sum", $"client=\"orders\", connection_type=\"database\", server=\"{name}\""));
    }

    [Fact]
    public void A_port_may_be_a_number()
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("orders", Of(1, 0, SpanKind.Client, 0, 300) with
        {
            Attributes =
            [
                new SpanAttribute("db.system", AttributeValue.OfText("mysql")), new SpanAttribute("network.peer.port", AttributeValue.OfInt(3306)),
                new SpanAttribute("network.peer.address", AttributeValue.OfText("10.0.0.1")),
            ],
        }));
        Write(metrics);
        Assert.Equal("0 1", Values("request_total", "client=\"orders\", connection_type=\"database\", server=\"10.0.0.1:3306\""));
    }

    [Fact]
    public void What_sends_no_spans_is_a_virtual_node()
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("web", Of(1, 0, SpanKind.Server, 0, 300), Of(2, 1, SpanKind.Client, 0, 200) with
        {
            Attributes = [new SpanAttribute("peer.service", AttributeValue.OfText("payments"))],
        }));
        _time.Step(Start.AddSeconds(9));
        Write(metrics);
        Assert.Equal("0 1", Values("request_total", "client=\"user\", connection_type=\"virtual_node\", server=\"web\""));
        Assert.Equal("", Values("request_client_seconds_sum", "client=\"user\", connection_type=\"virtual_node\", server=\"web\""));
        Assert.Equal("", Values("request_total", "client=\"web\", connection_type=\"virtual_node\", server=\"payments\""));
        _time.Step(Start.AddSeconds(10));
        Write(metrics);
        Assert.Equal("0 1", Values("request_total", "client=\"web\", connection_type=\"virtual_node\", server=\"payments\""));
    }

    [Fact]
    public void Sides_that_do_not_come_in_time_are_no_request()
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("web", Of(1, 0, SpanKind.Client, 0, 3)));
        _time.Step(Start.AddSeconds(10));
        metrics.Add(Some.Batch("orders", Of(2, 1, SpanKind.Server, 0, 3)));
        Write(metrics);
        Assert.DoesNotContain(_store.Series(), series => series.StartsWith("traces_service_graph", StringComparison.Ordinal));
    }

    [Fact]
    public void No_more_wait_than_may()
    {
        using var metrics = Metrics(SpanMetricsOptions.Default with { MaxPending = 2 });
        metrics.Add(Some.Batch("web", Of(1, 0, SpanKind.Client, 0, 3), Of(3, 0, SpanKind.Client, 0, 3), Of(5, 0, SpanKind.Client, 0, 3)));
        metrics.Add(Some.Batch("orders", Of(2, 1, SpanKind.Server, 0, 3), Of(4, 3, SpanKind.Server, 0, 3), Of(6, 5, SpanKind.Server, 0, 3)));
        Write(metrics);
        Assert.Equal("0 2", Values("request_total", "client=\"web\", server=\"orders\""));
    }

    [Fact]
    public void Holes_of_spans_that_were_paired_are_used_again()
    {
        using var metrics = Metrics(SpanMetricsOptions.Default with { MaxPending = 8 });
        for (var i = 0; i < 100; i++)
        {
            _time.Step(Start.AddSeconds(i * 3));
            var id = (ulong)(i * 2) + 1;
            metrics.Add(Some.Batch("web", Of(id, 0, SpanKind.Client, 0, 3)));
            metrics.Add(Some.Batch("orders", Of(id + 1, id, SpanKind.Server, 0, 3)));
        }
        Write(metrics);
        Assert.EndsWith(" 100", Values("request_total", "client=\"web\", server=\"orders\""), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_edges_are_one()
    {
        using var metrics = Metrics(SpanMetricsOptions.Default with { MaxEdges = 2 });
        for (var i = 0UL; i < 4; i++)
        {
            metrics.Add(Some.Batch($"service {i}", Of(i + 1, 0, SpanKind.Server, 0, 3)));
        }
        Write(metrics);
        Assert.Equal("0 2", Values("request_total", "client=\"__cardinality_overflow__\", server=\"__cardinality_overflow__\""));
    }

    private SpanMetrics Metrics(SpanMetricsOptions? options = null) =>
        new(_store, _dependencies, options ?? SpanMetricsOptions.Default, _time, NullLogger.Instance, _meter);

    private static Span Of(ulong id, ulong parent, SpanKind kind, long startMs, long endMs) => Some.Span(1, id, "name") with
    {
        ParentSpanId = parent,
        Kind = kind,
        StartNs = startMs * 1_000_000,
        EndNs = endMs * 1_000_000,
    };

    /// <summary>A moment later, so that a zero can stand before.</summary>
    private void Write(SpanMetrics metrics)
    {
        _time.Step(_time.GetUtcNow().AddMilliseconds(10));
        metrics.Write();
    }

    private string Values(string name, string labels) => _store.Values($"traces_service_graph_{name}{{{labels}}}");
}
