using Pharos.Query.PromQL;
using Pharos.Server.Api.Prometheus.Queries;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Prometheus;

public sealed class QueryRehearsalTests
{
    [Fact]
    public async Task Every_question_has_an_answer() =>
        Assert.True(await QueryRehearsal.AskAsync(new PromEngineOptions(), TimeProvider.System, TestContext.Current.CancellationToken) > 0);

    [Fact]
    public async Task It_leaves_no_series_and_no_query_behind()
    {
        await using var server = await RunningServer.StartAsync(static options => options with { RehearsesQueries = true });
        server.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 1, ("__name__", "known"));
        await QueryRehearsal.AskAsync(server.Server.Parts.Engine.Options, TimeProvider.System, TestContext.Current.CancellationToken);
        var (_, found) = await server.GetAsync("/api/v1/series?match[]={job=\"rehearsal\"}");
        Assert.Contains("\"data\":[]", found, StringComparison.Ordinal);
    }
}
