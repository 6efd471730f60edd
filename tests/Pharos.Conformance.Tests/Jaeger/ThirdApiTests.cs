using System.Text.Json.Nodes;
using Pharos.Server.Hosting;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Conformance.Tests.Jaeger;

/// <summary>The answers that Jaeger keeps of its third API.</summary>
public sealed class ThirdApiTests
{
    private const string Folder = "jaeger/jaeger-v2-head/cmd/jaeger/internal/extension/jaegerquery/internal/apiv3/snapshots/";

    private const string Range = "query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=2030-01-01T00:00:00Z";

    [Theory]
    [InlineData("GetTrace.json", "traces/1")]
    [InlineData("FindTraces.json", "traces?" + Range)]
    [InlineData("FindTraces.json", "traces?query.start_time_min=1970-01-01T00:00:00Z&query.start_time_max=2030-01-01T00:00:00Z&query.num_traces=3")]
    [InlineData("GetTrace.json", "traces/AAAAAAAAAAAAAAAAAAAAAQ%3D%3D")]
    public Task Traces_are_the_same(string snapshot, string path) => CompareAsync(snapshot, path, new Span
    {
        TraceId = new TraceId(0, 1), SpanId = 2, Name = "foobar", Kind = SpanKind.Server, Status = SpanStatus.Error,
    });

    [Fact]
    public Task Services_are_the_same() => CompareAsync("GetServices.json", "services", Of("foo", 1, 0, "x"));

    [Fact]
    public Task Operations_are_the_same() => CompareAsync(
        "GetOperations.json", "operations?service=foo", Of("foo", 1, 0, "get_users") with { Kind = SpanKind.Server });

    [Fact]
    public Task Summaries_are_the_same() => CompareAsync(
        "FindTraceSummaries.json", "trace-summaries?" + Range,
        Of("frontend", 1, 0, "HTTP GET /"), Of("frontend", 2, 1, "child") with { Status = SpanStatus.Error });

    [Theory]
    [InlineData("traces/xyz", 400, "malformed parameter trace_id: strconv.ParseUint: parsing \"xyz\": invalid syntax")]
    [InlineData("traces/1", 404, "No traces found")]
    [InlineData("traces?" + Range, 404, "No traces found")]
    [InlineData("traces", 400, "query.startTimeMin and query.startTimeMax are required")]
    [InlineData("traces/1?rawTraces=foobar", 400, "malformed parameter rawTraces: strconv.ParseBool: parsing \"foobar\": invalid syntax")]
    [InlineData("traces/1?raw_traces=foobar", 400, "malformed parameter raw_traces: strconv.ParseBool: parsing \"foobar\": invalid syntax")]
    [InlineData(
        "traces?" + Range + "&query.searchDepth=many", 400, "malformed parameter query.searchDepth: strconv.ParseUint: parsing \"many\": invalid syntax")]
    [InlineData("traces?" + Range + "&query.duration_min=5", 400, "malformed parameter query.duration_min: time: missing unit in duration \"5\"")]
    public async Task Refusals_are_the_same(string path, int status, string message)
    {
        await using var server = await StartAsync();
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        using var response = await http.GetAsync("/api/v3/" + path, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!;
        Assert.Equal((status, message), (error["httpCode"]!.GetValue<int>(), error["message"]!.GetValue<string>()));
    }

    private static async Task CompareAsync(string snapshot, string path, params Span[] spans)
    {
        var expected = await File.ReadAllTextAsync(ConformanceFiles.Path(Folder + snapshot), TestContext.Current.CancellationToken);
        await using var server = await StartAsync();
        var batch = new SpanBatch();
        foreach (var span in spans)
        {
            batch.Add(span);
        }
        server.Parts.Traces.Store.Append(batch);
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        var answer = await http.GetStringAsync("/api/v3/" + path, TestContext.Current.CancellationToken);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(answer)), answer);
    }

    private static Task<PharosServer> StartAsync() =>
        PharosServer.StartAsync(new PharosServerOptions { Listen = [new ListenAddress("127.0.0.1", 0)] }, TestContext.Current.CancellationToken);

    private static Span Of(string service, ulong id, ulong parent, string name) => new()
    {
        TraceId = new TraceId(0, 1),
        SpanId = id,
        ParentSpanId = parent,
        Name = name,
        StartNs = 1_000_000_000_000,
        EndNs = 1_001_000_000_000,
        Resource = new SpanResource([new("service.name", AttributeValue.OfText(service))], 0, ""),
    };
}
