using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Prometheus;

/// <summary>The result cache behind <c>query_range</c>.</summary>
public sealed class QueryCacheTests
{
    [Fact]
    public async Task A_range_is_answered_from_the_cache_unless_the_client_says_no()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            server.Add(1_000_000 + (i * 15_000), i, ("__name__", "m_total"));
        }
        const string path = "/api/v1/query_range?query=rate(m_total[1m])&start=1060&end=1240&step=15";
        var first = (await server.GetAsync(path)).Body;
        Assert.Equal(first, (await server.GetAsync(path)).Body);
        Assert.Equal(first, (await server.GetAsync(path + "&nocache=1")).Body);
        Assert.Contains("\"totalQueryableSamples\":", (await server.GetAsync(path + "&stats=1")).Body, StringComparison.Ordinal);
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\npharos_query_cache_hits_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npharos_query_cache_misses_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npharos_query_cache_reused_steps_total 13\n", metrics, StringComparison.Ordinal);
    }
}
