using System.Globalization;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Jaeger;

public sealed class MonitorTests
{
    private const long Minute = 60_000;

    [Fact]
    public async Task Calls_are_rates_of_services_or_of_their_operations()
    {
        await using var stage = await JaegerStage.StartAsync();
        var endMs = Fill(stage.Server);
        var range = Query(endMs);
        var (status, body) = await stage.Server.GetAsync($"/api/metrics/calls?service=shop&service=other&{range}");
        Assert.Equal(200, status);
        // 60 and 6 more calls a minute: 1.1 a second.
        Assert.Equal(
            "{'name':'service_call_rate','type':'GAUGE','help':'calls/sec, grouped by service','metrics':[{'labels':[{'name':'service_name','value':'shop'}],"
            + "'metricPoints':[{'gaugeValue':{'doubleValue':1.1},'timestamp':'" + Time(endMs) + "'}]}]}",
            body.Replace('"', '\''));
        var operations = await stage.JsonAsync($"/api/metrics/calls?service=shop&groupByOperation=true&{range}");
        Assert.Equal("service_operation_call_rate", operations.GetProperty("name").GetString());
        Assert.Equal("calls/sec, grouped by service & operation", operations.GetProperty("help").GetString());
        Assert.Equal(
            [("buy", 1.1), ("look", 0)],
            operations.GetProperty("metrics").EnumerateArray().Select(metric => (
                metric.GetProperty("labels").EnumerateArray().Single(label => label.GetProperty("name").GetString() == "operation")
                    .GetProperty("value").GetString()!,
                metric.GetProperty("metricPoints")[0].GetProperty("gaugeValue").GetProperty("doubleValue").GetDouble())).Order());
    }

    [Fact]
    public async Task Errors_are_a_share_and_zero_where_nothing_failed()
    {
        await using var stage = await JaegerStage.StartAsync();
        var range = Query(Fill(stage.Server));
        var errors = await stage.JsonAsync($"/api/metrics/errors?service=shop&{range}");
        Assert.Equal("service_error_rate", errors.GetProperty("name").GetString());
        Assert.Equal(6 / 66d, PointOf(errors, 0), 12);
        var clients = await stage.JsonAsync($"/api/metrics/errors?service=shop&spanKind=client&{range}");
        Assert.Equal(0, PointOf(clients, 0));
    }

    [Fact]
    public async Task Latencies_are_quantiles_in_milliseconds()
    {
        await using var stage = await JaegerStage.StartAsync();
        var range = Query(Fill(stage.Server));
        var latencies = await stage.JsonAsync($"/api/metrics/latencies?service=shop&quantile=0.5&{range}");
        Assert.Equal("service_latencies", latencies.GetProperty("name").GetString());
        Assert.Equal("0.50th quantile latency, grouped by service", latencies.GetProperty("help").GetString());
        // Half of the calls took up to 100 ms, the other half between 100 and 200 ms.
        Assert.Equal(100, PointOf(latencies, 0), 9);
        Assert.Equal(
            """{"data":1,"total":0,"limit":0,"offset":0,"errors":null}""", (await stage.Server.GetAsync("/api/metrics/minstep")).Body);
    }

    private static double PointOf(System.Text.Json.JsonElement family, int index) =>
        family.GetProperty("metrics")[index].GetProperty("metricPoints")[0].GetProperty("gaugeValue").GetProperty("doubleValue").GetDouble();

    private static string Query(long endMs) => string.Create(
        CultureInfo.InvariantCulture, $"endTs={endMs}&lookback=0&step=60000&ratePer={2 * Minute}");

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Counters that grow evenly, scraped each minute.</summary>
    /// <returns>The time of the last sample.</returns>
    private static long Fill(RunningServer server)
    {
        var endMs = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * Minute;
        for (var i = 0; i <= 4; i++)
        {
            var at = endMs - ((4 - i) * Minute);
            Calls(server, at, i * 60, "buy", "SERVER", "UNSET");
            Calls(server, at, i * 6, "buy", "SERVER", "ERROR");
            Calls(server, at, 0, "look", "SERVER", "UNSET");
            Calls(server, at, i * 30, "pay", "CLIENT", "UNSET");
            foreach (var (le, count) in ((string, int)[])[("100", 30), ("200", 60), ("+Inf", 60)])
            {
                server.Add(
                    at, i * count, ("__name__", "traces_span_metrics_duration_milliseconds_bucket"), ("service_name", "shop"), ("span_name", "buy"),
                    ("span_kind", "SPAN_KIND_SERVER"), ("le", le));
            }
        }
        return endMs;
    }

    private static void Calls(RunningServer server, long atMs, double value, string name, string kind, string status) => server.Add(
        atMs, value, ("__name__", "traces_span_metrics_calls_total"), ("service_name", "shop"), ("span_name", name),
        ("span_kind", "SPAN_KIND_" + kind), ("status_code", "STATUS_CODE_" + status));
}
