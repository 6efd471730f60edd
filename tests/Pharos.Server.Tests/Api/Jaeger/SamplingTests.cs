using Pharos.Server.Api.Jaeger.Collector;
using Pharos.Server.Hosting;
using Pharos.Server.Hosting.Ports;
using Pharos.Server.Tests.Api.Otlp;
using Pharos.Server.Tests.Hosting;
using Pharos.Server.Traces;

namespace Pharos.Server.Tests.Api.Jaeger;

public sealed class SamplingTests
{
    private const string Strategies =
        """
        {"default_strategy":{"type":"probabilistic","param":0.5},"service_strategies":[{"service":"slow","type":"ratelimiting","param":5},
        {"service":"shop","type":"probabilistic","param":1,"operation_strategies":[{"operation":"buy","type":"probabilistic","param":0.25}]}]}
        """;

    [Fact]
    public async Task Strategies_of_the_file_are_told_on_every_port()
    {
        await using var server = await StartAsync(Strategies);
        const string Any = """{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.5}}""";
        Assert.Equal((200, Any), await server.GetAsync("/sampling?service=any"));
        Assert.Equal((200, Any), await server.GetAsync("/api/sampling?service=any"));
        var agent = server.Server.Addresses[1];
        Assert.Equal(Any, await server.Http.GetStringAsync(new Uri(agent, "/sampling?service=any")));
        Assert.Equal(Any, await server.Http.GetStringAsync(new Uri(agent, "/whatever?service=any")));
        Assert.Equal(
            """{"strategyType":0,"probabilisticSampling":{"samplingRate":0.5}}""", await server.Http.GetStringAsync(new Uri(agent, "/?service=any")));
        Assert.Equal("[]", await server.Http.GetStringAsync(new Uri(agent, "/baggageRestrictions?service=any")));
        Assert.Equal(
            (200, """{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":5}}"""), await server.GetAsync("/sampling?service=slow"));
        Assert.Equal(
            (200, Quoted("{'strategyType':'PROBABILISTIC','probabilisticSampling':{'samplingRate':1},'operationSampling':{'defaultSamplingProbability':1,"
                + "'defaultLowerBoundTracesPerSecond':0,'perOperationStrategies':[{'operation':'buy','probabilisticSampling':{'samplingRate':0.25}}],"
                + "'defaultUpperBoundTracesPerSecond':0}}")),
            await server.GetAsync("/sampling?service=shop"));
    }

    [Theory]
    [InlineData("/sampling")]
    [InlineData("/sampling?service=a&service=b")]
    public async Task Service_must_be_named_once(string path)
    {
        await using var server = await StartAsync(Strategies);
        Assert.Equal((400, "'service' parameter must be provided once\n"), await server.GetAsync(path));
    }

    [Fact]
    public async Task Grpc_tells_the_same()
    {
        await using var server = await StartAsync(Strategies);
        var (status, _, body) = await OtlpTracesEndpointTests.CallAsync(server, SamplingEndpoints.GrpcPath, [0x0a, 4, .. "slow"u8]);
        Assert.Equal("0", status);
        // 1 strategyType RATE_LIMITING, 3 rateLimitingSampling{1 maxTracesPerSecond: 5}
        Assert.Equal("08011a020805", Convert.ToHexStringLower(body));
        (_, _, body) = await OtlpTracesEndpointTests.CallAsync(server, SamplingEndpoints.GrpcPath, [0x0a, 3, .. "any"u8]);
        Assert.Equal("1209" + "09000000000000e03f", Convert.ToHexStringLower(body));
    }

    [Fact]
    public async Task File_is_read_again_and_a_bad_one_changes_nothing()
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "strategies.json");
        await File.WriteAllTextAsync(file, Strategies);
        await using var server = await RunningServer.StartAsync(folder, options => options with
        {
            Sampling = new SamplingOptions { StrategiesFile = file, ReloadInterval = TimeSpan.FromMilliseconds(50) },
        });
        await File.WriteAllTextAsync(file, "{");
        await Task.Delay(200);
        Assert.Contains("0.5", (await server.GetAsync("/sampling?service=any")).Body, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, Strategies.Replace("0.5", "0.125", StringComparison.Ordinal));
        for (var i = 0; i < 100 && !(await server.GetAsync("/sampling?service=any")).Body.Contains("0.125", StringComparison.Ordinal); i++)
        {
            await Task.Delay(50);
        }
        Assert.Contains("0.125", (await server.GetAsync("/sampling?service=any")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_file_stops_the_start_and_is_named()
    {
        var error = await Assert.ThrowsAsync<ServerStartException>(() => RunningServer.StartAsync(static options => options with
        {
            Sampling = new SamplingOptions { StrategiesFile = "/nowhere/strategies.json" },
        }));
        Assert.Contains("/nowhere/strategies.json", error.Message, StringComparison.Ordinal);
    }

    private static string Quoted(string json) => json.Replace('\'', '"');

    private static async Task<RunningServer> StartAsync(string strategies)
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "strategies.json");
        await File.WriteAllTextAsync(file, strategies);
        return await RunningServer.StartAsync(folder, options => options with
        {
            Sampling = new SamplingOptions { StrategiesFile = file },
            TracePorts = new TracePorts { Sampling = new ListenAddress("127.0.0.1", 0, "http-server.host-port") },
        });
    }
}
