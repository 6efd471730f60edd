using Pharos.Server.Tests.Hosting;
using Pharos.Server.Traces;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Tests.Api.Tempo;

public sealed class TempoTenancyTests
{
    [Theory]
    [InlineData("X-Scope-OrgID", "t", 200)]
    [InlineData("x-tenant", "t", 200)]
    [InlineData("X-Scope-OrgID", "other", 404)]
    [InlineData("X-Scope-OrgID", "stranger", 401)]
    [InlineData("x-tenant", "stranger", 401)]
    [InlineData("x-nothing", "t", 401)]
    public async Task A_tenant_sees_its_own_traces_only(string header, string tenant, int status)
    {
        await using var server = await RunningServer.StartAsync(
            static options => options with { TraceTenancy = new TraceTenancy { Enabled = true, Tenants = ["t", "other"] } });
        var batch = new SpanBatch { Tenant = "t" };
        batch.BeginResource();
        batch.BeginScope([], []);
        batch.BeginSpan();
        (batch.Last.TraceId, batch.Last.SpanId) = (new TraceId(0, 0xab), 1);
        server.Server.Parts.Traces.Store.Append(batch);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tempo/api/traces/ab");
        request.Headers.Add(header, tenant);
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Without_tenants_no_header_is_looked_at()
    {
        await using var stage = await TempoStage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tempo/api/traces/ab");
        request.Headers.Add("X-Scope-OrgID", "7");
        using var response = await stage.Server.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
    }
}
