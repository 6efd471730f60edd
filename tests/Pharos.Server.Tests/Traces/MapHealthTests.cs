using Pharos.Server.Traces.Maps;

namespace Pharos.Server.Tests.Traces;

public sealed class MapHealthTests
{
    [Theory]
    [InlineData("", "NA", "grey")]
    [InlineData("http=100", "Healthy", "green")]
    [InlineData("http=100 http5xx=0.1", "Degraded", "orange")]
    [InlineData("http=100 http5xx=9.9", "Degraded", "orange")]
    [InlineData("http=100 http5xx=10", "Failure", "red")]
    [InlineData("http=100 http4xx=9.9", "Healthy", "green")]
    [InlineData("http=100 http4xx=10", "Degraded", "orange")]
    [InlineData("http=100 http4xx=20", "Failure", "red")]
    [InlineData("http=100 http4xx=10 http5xx=10", "Failure", "red")]
    [InlineData("http=100 httpNoResponse=10", "Failure", "red")]
    [InlineData("http=100 http3xx=90", "Healthy", "green")]
    public void Rates_are_healthy_by_kialis_tolerances(string rates, string status, string color)
    {
        var health = MapHealth.Of(
            rates.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static rate => rate.Split('='))
                .ToDictionary(static rate => rate[0], static rate => double.Parse(rate[1], System.Globalization.CultureInfo.InvariantCulture)),
            "http");
        Assert.Equal((status, color), (health.Status, health.Color));
    }

    /// <summary>Rates over a window that ends at any time: 2 / w and 20 / w are a tenth, whatever their quotient's last bit says.</summary>
    [Fact]
    public void Two_of_twenty_fail_over_any_window()
    {
        var apart = 0;
        for (var seconds = 300.0; seconds < 400; seconds += 0.001)
        {
            var (all, bad) = (20 / seconds, 2 / seconds);
            apart += bad / all * 100 < 10 ? 1 : 0;
            Assert.Equal(MapHealth.Failure, MapHealth.Of(new Dictionary<string, double> { ["http"] = all, ["httpErr"] = bad }, "http").Status);
            Assert.Equal(MapHealth.Healthy, MapHealth.Of(new Dictionary<string, double> { ["http"] = all, ["http4xx"] = bad * 0.99 }, "http").Status);
        }
        Assert.NotEqual(0, apart);
    }

    [Fact]
    public void Grpc_s_errors_are_told_by_its_own_names()
    {
        Assert.Equal(MapHealth.Failure, MapHealth.Of(new Dictionary<string, double> { ["grpcIn"] = 10, ["grpcInErr"] = 1 }, "grpcIn").Status);
        Assert.Equal("Err", new MapTraffic("grpc", 1, "14", "-", "").Detail);
        Assert.Equal("", new MapTraffic("grpc", 1, "0", "-", "").Detail);
        Assert.Equal("Err", new MapTraffic("grpc", 1, "503", "-", "").Detail);
        Assert.Equal("NoResponse", new MapTraffic("grpc", 1, "-", "DC", "").Detail);
    }
}
