using Pharos.Server.Tests.Api.Otlp;
using Pharos.Server.Tests.Hosting;
using Pharos.Server.Traces;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Tests.Api.Jaeger;

/// <summary>Where spans have tenants, each sees its own, over every API of Jaeger's.</summary>
public sealed class JaegerTenancyTests
{
    private const string Range = "query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=2100-01-01T00:00:00Z";

    [Theory]
    [InlineData("/api/traces/ab", "200", "404")]
    [InlineData("/api/traces?service=shop&start=0", "\"shop\"", "\"data\":[]")]
    [InlineData("/api/services", "shop", "\"data\":[]")]
    [InlineData("/api/services/shop/operations", "buy", "\"data\":[]")]
    [InlineData("/api/operations?service=shop", "buy", "\"data\":[]")]
    [InlineData("/api/dependencies?endTs=4000000000000&lookback=4000000000000", "cart", "\"data\":[]")]
    [InlineData("/api/v3/traces/ab", "200", "404")]
    [InlineData($"/api/v3/traces?{Range}", "shop", "404")]
    [InlineData($"/api/v3/trace-summaries?{Range}", "shop", "\"summaries\":[]")]
    [InlineData("/api/v3/services", "shop", "\"services\":[]")]
    [InlineData("/api/v3/operations?service=shop", "buy", "\"operations\":[]")]
    public async Task A_tenant_sees_its_own_spans_only(string path, string own, string others)
    {
        await using var server = await StartAsync();
        Assert.Contains(own, await AskAsync(server, path, "t"), StringComparison.Ordinal);
        Assert.Contains(others, await AskAsync(server, path, "other"), StringComparison.Ordinal);
        Assert.Equal("401 unknown tenant", await AskAsync(server, path, "stranger"));
        Assert.Equal("401 missing tenant header", await AskAsync(server, path, null));
    }

    [Theory]
    [InlineData("t", "0", true)]
    [InlineData("other", "0", false)]
    [InlineData("stranger", "7", false)]
    [InlineData(null, "16", false)]
    public async Task So_it_is_by_gRPC(string? tenant, string status, bool finds)
    {
        await using var server = await StartAsync();
        if (tenant is not null)
        {
            server.Http.DefaultRequestHeaders.Add("x-tenant", tenant);
        }
        foreach (var service in (string[])["jaeger.api_v2", "jaeger.api_v3"])
        {
            var answer = await OtlpTracesEndpointTests.CallAsync(server, $"/{service}.QueryService/GetServices", []);
            Assert.Equal(status, answer.Status);
            Assert.Equal(finds, answer.Body.AsSpan().IndexOf("shop"u8) >= 0);
        }
    }

    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync(
            static options => options with { TraceTenancy = new TraceTenancy { Enabled = true, Tenants = ["t", "other"] } });
        var batch = new SpanBatch { Tenant = "t" };
        Add(batch, "shop"u8, 1, 0);
        Add(batch, "cart"u8, 2, 1);
        server.Server.Parts.Traces.Store.Append(batch);
        return server;
    }

    private static void Add(SpanBatch batch, ReadOnlySpan<byte> service, ulong id, ulong parent)
    {
        batch.BeginResource();
        batch.AddAttribute("service.name"u8, AttributeKind.Text, service);
        batch.BeginScope([], []);
        batch.BeginSpan();
        (batch.Last.TraceId, batch.Last.SpanId, batch.Last.ParentSpanId) = (new TraceId(0, 0xab), id, parent);
        (batch.Last.StartNs, batch.Last.EndNs) = (1_700_000_000_000_000_000, 1_700_000_000_001_000_000);
        batch.Last.Name = batch.Keep("buy"u8);
    }

    /// <returns>The status and the body.</returns>
    private static async Task<string> AskAsync(RunningServer server, string path, string? tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (tenant is not null)
        {
            request.Headers.Add("x-tenant", tenant);
        }
        using var response = await server.Http.SendAsync(request);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }
}
