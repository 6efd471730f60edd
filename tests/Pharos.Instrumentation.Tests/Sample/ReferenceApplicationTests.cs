using System.Text.Json;
using Pharos.Instrumentation.Tests.Export;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Hosting;

namespace Pharos.Instrumentation.Tests.Sample;

/// <summary>The reference application as the demo runs it, with a double of the receiver of its traces.</summary>
[Collection(OneAtATime.Name)]
public sealed class ReferenceApplicationTests : IAsyncLifetime
{
    private readonly string _logs = Directory.CreateTempSubdirectory("pharos-sample-").FullName;
    private readonly string _trace = Guid.NewGuid().ToString("N");
    private readonly HttpClient _client = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });
    private OtlpDouble _traces = null!;
    private ReferenceApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _traces = await OtlpDouble.StartAsync();
        _application = await ReferenceApplication.StartAsync(
            new FrameworkOptions
            {
                WebPort = 0, CoordinatorPort = 0, NutritionPort = 0, WorkoutPort = 0, PostgresPort = 0, RedisPort = 0, MongoPort = 0,
                MaxUsers = 2, LogFolder = _logs, OtlpEndpoint = _traces.Address,
            },
            TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _traces.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_logs, recursive: true);
    }

    [Fact]
    public async Task A_request_for_a_plan_is_one_trace_through_all_services_and_their_databases()
    {
        // Some plans fail: ask until one is made.
        for (var attempt = 0; (await SendAsync(HttpMethod.Post, "/api/plans/nutrition")).StatusCode != System.Net.HttpStatusCode.Created; attempt++)
        {
            Assert.True(attempt < 5, "no plan was made");
        }
        var spans = await WaitForAsync(spans => spans.Exists(span => span.Name == "agent.communication" && span.Kind == 5));
        string Parent(SpanSeen span) => spans.Find(other => other.Id == span.Parent) is { } parent ? $"{parent.Service} {parent.Name}" : "";
        SpanSeen Last(string service, string name) => spans.Last(span => span.Service == service && span.Name == name);

        var server = Last("progressive-framework-v5", "POST /api/plans/nutrition");
        Assert.Equal((2UL, "b7ad6b7169203331"), (server.Kind, server.Parent));
        var sends = Last("progressive-framework-v5", "agent.communication");
        Assert.Equal((3UL, "progressive-framework-v5 POST /api/plans/nutrition", "s:mca"), (sends.Kind, Parent(sends), sends.Attributes["peer.service"]));
        Assert.Equal("progressive-framework-v5 agent.communication", Parent(Last("mca", "POST /coordinate")));
        Assert.Equal("mca POST /coordinate", Parent(Last("mca", "agent.coordinate")));
        Assert.Equal("mca agent.coordinate", Parent(spans.Last(span => span.Service == "mca" && span.Kind == 3 && span.Name == "agent.communication")));
        Assert.Equal("mca agent.communication", Parent(Last("npa", "POST /plans")));
        Assert.Equal("npa POST /plans", Parent(Last("npa", "agent.generate_plan")));
        Assert.Equal("npa agent.generate_plan", Parent(Last("npa", "agent.ask_model")));
        Assert.Equal("s:chat", Last("npa", "agent.ask_model").Attributes["gen_ai.operation.name"]);
        var consumer = spans.Last(span => span.Service == "npa" && span.Kind == 5);
        Assert.Equal(("agent.communication", 4UL), (consumer.Name, spans.Single(span => span.Id == consumer.Parent).Kind));

        var databases = spans.Where(span => span.Attributes.ContainsKey("db.system")).ToArray();
        Assert.Equal(["s:mongodb", "s:postgresql", "s:redis"], databases.Select(span => span.Attributes["db.system"]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(databases, span => Assert.Equal((3UL, span.Attributes["db.system"]), (span.Kind, span.Attributes["peer.service"])));
        var query = Last("progressive-framework-v5", "SELECT users");
        Assert.Equal(("progressive-framework-v5 POST /api/plans/nutrition", "s:SELECT * FROM users WHERE id = $1", "s:postgresql"),
            (Parent(query), query.Attributes["db.query.text"], query.Attributes["db.system.name"]));
    }

    [Fact]
    public async Task Log_lines_of_every_service_name_the_trace()
    {
        await SendAsync(HttpMethod.Post, "/api/plans/workout");
        await WaitForAsync(spans => spans.Exists(span => span.Name == "agent.communication"));
        foreach (var (file, service) in new[] { ("web", "progressive-framework-v5"), ("mca", "mca"), ("wpa", "wpa") })
        {
            var line = JsonDocument.Parse(await WaitForLineAsync(file, _trace)).RootElement;
            Assert.Equal(service, line.GetProperty("service").GetString());
            Assert.Equal(16, line.GetProperty("span_id").GetString()!.Length);
            Assert.Contains(line.GetProperty("level").GetString(), new[] { "INFO", "ERROR" });
        }
    }

    [Fact]
    public async Task Latency_histograms_have_exemplars_and_agents_do_not_count_the_web_apis_requests()
    {
        await SendAsync(HttpMethod.Get, "/api/users/1");
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("web", "/metrics"));
        request.Headers.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(text.Split('\n'), line => line.StartsWith(
            "progressive_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/users/{id}\"", StringComparison.Ordinal)
            && line.Contains("# {trace_id=", StringComparison.Ordinal));
        var agent = await _client.GetStringAsync(Address("npa", "/metrics"));
        Assert.DoesNotContain("progressive_http_requests_total{", agent, StringComparison.Ordinal);
        Assert.Contains("progressive_agent_memory_usage_bytes{agent_id=\"npa-0\",agent_type=\"npa\"}", agent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_slow_fault_shows_in_the_span_of_the_query_that_waits_and_in_a_log_line_of_it()
    {
        _application.Faults.Set(Fault.SlowResponses.Name, active: true);
        await SendAsync(HttpMethod.Get, "/api/plans/1");
        var spans = await WaitForAsync(spans => spans.Exists(span => span.Name == "GET /api/plans/{id}"));
        var query = spans.Single(span => span.Name == "SELECT plans");
        Assert.Equal("lock wait", Assert.Single(query.Events));
        Assert.InRange(query.Seconds, 2, 7);
        Assert.True(query.Seconds > 0.9 * spans.Single(span => span.Name == "GET /api/plans/{id}").Seconds);
        Assert.Contains("\"level\":\"WARN\"", await WaitForLineAsync("web", _trace), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_down_makes_an_error_where_it_happens()
    {
        _application.Faults.Set(Fault.DatabaseDown.Name, active: true);
        Assert.Equal(503, (int)(await SendAsync(HttpMethod.Get, "/api/users/1")).StatusCode);
        var spans = await WaitForAsync(spans => spans.Exists(span => span.Name == "GET /api/users/{id}"));
        Assert.True(spans.Single(span => span.Name == "SELECT users").IsError);
        Assert.Equal("exception", Assert.Single(spans.Single(span => span.Name == "SELECT users").Events));
        Assert.True(spans.Single(span => span.Name == "GET /api/users/{id}").IsError);
        Assert.False(spans.Single(span => span.Name == "GET session").IsError);
    }

    private Uri Address(string part, string path) => new($"http://127.0.0.1:{_application.Ports[part]}{path}");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, Address("web", path));
        request.Headers.Add("traceparent", $"00-{_trace}-b7ad6b7169203331-01");
        return await _client.SendAsync(request);
    }

    /// <summary>The spans of this test's trace, when there are those that it waits for and no more have come for a while.</summary>
    private async Task<List<SpanSeen>> WaitForAsync(Predicate<List<SpanSeen>> isEnough)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var before = -1;
        while (true)
        {
            var spans = _traces.Spans.Where(entry => entry.Span.Hex(1) == _trace)
                .Select(entry => SpanSeen.Of(entry.Resource["service.name"][2..], entry.Span)).OrderBy(span => span.Start).ToList();
            if (isEnough(spans) && spans.Count == before)
            {
                return spans;
            }
            before = spans.Count;
            await Task.Delay(1500, timeout.Token);
        }
    }

    private async Task<string> WaitForLineAsync(string file, string text)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            await using var stream = new FileStream(
                Path.Combine(_logs, $"{file}.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(timeout.Token) is { } line)
            {
                if (line.Contains(text, StringComparison.Ordinal) && line.EndsWith('}'))
                {
                    return line;
                }
            }
            await Task.Delay(100, timeout.Token);
        }
    }

    private sealed record SpanSeen(
        string Service, string Name, string Id, string Parent, ulong Kind, ulong Start, double Seconds, bool IsError,
        Dictionary<string, string> Attributes, string[] Events)
    {
        public static SpanSeen Of(string service, ProtoFields span) => new(
            service, span.Text(5), span.Hex(2), span.Has(4) ? span.Hex(4) : "", span.Number(6), span.Number(7),
            (span.Number(8) - span.Number(7)) / 1e9, span.Has(15) && span.Message(15).Number(3) == 2, span.Attributes(9),
            [.. span.Messages(11).Select(e => e.Text(2))]);
    }
}
