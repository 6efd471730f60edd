using System.Text.Json;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Traces;

/// <summary>The questions of Zipkin's own page, beside Alertmanager's paths.</summary>
public sealed class ZipkinQueryApiTests : IAsyncLifetime
{
    /// <summary>2017-08-15T09:00:00Z</summary>
    private const string Around = "endTs=1502787700000&lookback=3600000";

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        const string Spans =
            """
            [{"traceId":"5982fe77008310cc80f1da5e10147517","id":"0000000000000001","kind":"SERVER","name":"get","timestamp":1502787600000000,"duration":50000,
              "localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1","port":80},"tags":{"http.method":"GET"}},
             {"traceId":"5982fe77008310cc80f1da5e10147517","parentId":"0000000000000001","id":"0000000000000002","kind":"CLIENT","name":"call","timestamp":1502787600010000,
              "duration":20000,"localEndpoint":{"serviceName":"web"},"remoteEndpoint":{"serviceName":"api"},"annotations":[{"timestamp":1502787600011000,"value":"waited"}]},
             {"traceId":"5982fe77008310cc80f1da5e10147517","parentId":"0000000000000001","id":"0000000000000002","kind":"SERVER","name":"serve","shared":true,
              "timestamp":1502787600012000,"duration":15000,"localEndpoint":{"serviceName":"api"},"tags":{"error":"no disk"}},
             {"traceId":"5982fe77008310cc80f1da5e10147517","parentId":"0000000000000002","id":"0000000000000003","kind":"CLIENT","name":"select","timestamp":1502787600013000,
              "duration":1000,"localEndpoint":{"serviceName":"api"},"remoteEndpoint":{"serviceName":"db","ipv6":"2001:db8::1","port":5432}},
             {"traceId":"00000000000000aa","id":"00000000000000bb","name":"tick","timestamp":1502787601000000,"localEndpoint":{"serviceName":"cron"},"debug":true}]
            """;
        Assert.Equal(202, (await _server.PostJsonAsync("/api/v2/spans", Spans)).Status);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("services", """["api","cron","web"]""")]
    [InlineData("spans?serviceName=web", """["call","get"]""")]
    [InlineData("spans?serviceName=nobody", "[]")]
    [InlineData("remoteServices?serviceName=api", """["db"]""")]
    [InlineData("autocompleteKeys", "[]")]
    [InlineData("autocompleteValues?key=a", "[]")]
    [InlineData("dependencies?" + Around, """[{"parent":"api","child":"db","callCount":1},{"parent":"web","child":"api","callCount":1,"errorCount":1}]""")]
    [InlineData("dependencies?endTs=1402787700000", "[]")]
    [InlineData("trace/00000000000000AA",
        """[{"traceId":"00000000000000aa","id":"00000000000000bb","name":"tick","timestamp":1502787601000000,"localEndpoint":{"serviceName":"cron"},"tags":{},"debug":true}]""")]
    public async Task Answers(string question, string answer) => Assert.Equal((200, answer), await _server.GetAsync("/api/v2/" + question));

    [Fact]
    public async Task A_trace_says_what_was_sent()
    {
        var (status, body) = await _server.GetAsync("/api/v2/trace/5982fe77008310cc80f1da5e10147517");
        Assert.Equal(200, status);
        using var json = JsonDocument.Parse(body);
        var spans = json.RootElement.EnumerateArray().ToList();
        Assert.Equal(4, spans.Count);
        Assert.Equal("""{"serviceName":"web","ipv4":"10.0.0.1","port":80}""", spans[0].GetProperty("localEndpoint").GetRawText());
        Assert.Equal("""{"http.method":"GET"}""", spans[0].GetProperty("tags").GetRawText());
        Assert.Equal("""[{"timestamp":1502787600011000,"value":"waited"}]""", spans[1].GetProperty("annotations").GetRawText());
        Assert.Equal("CLIENT", spans[1].GetProperty("kind").GetString());
        Assert.False(spans[1].TryGetProperty("shared", out _));
        Assert.True(spans[2].GetProperty("shared").GetBoolean());
        Assert.Equal("no disk", spans[2].GetProperty("tags").GetProperty("error").GetString());
        Assert.Equal("""{"serviceName":"db","ipv6":"2001:db8::1","port":5432}""", spans[3].GetProperty("remoteEndpoint").GetRawText());
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("&limit=1", 1)]
    [InlineData("&serviceName=api", 1)]
    [InlineData("&serviceName=api&spanName=serve", 1)]
    [InlineData("&serviceName=api&spanName=get", 0)]
    [InlineData("&serviceName=web&spanName=all", 1)]
    [InlineData("&serviceName=api&remoteServiceName=db", 1)]
    [InlineData("&minDuration=50000", 1)]
    [InlineData("&minDuration=50001", 0)]
    [InlineData("&minDuration=1&maxDuration=1000", 1)]
    [InlineData("&annotationQuery=http.method%3DGET", 1)]
    [InlineData("&annotationQuery=http.method%3DPUT", 0)]
    [InlineData("&annotationQuery=error", 1)]
    [InlineData("&annotationQuery=waited", 1)]
    [InlineData("&annotationQuery=waited and http.method%3DGET", 0)]
    [InlineData("&lookback=1000", 0)]
    public async Task Finds(string question, int traces)
    {
        var range = question.Contains("lookback", StringComparison.Ordinal) ? "endTs=1502787700000" : Around;
        var (status, body) = await _server.GetAsync($"/api/v2/traces?{range}{question}");
        Assert.Equal(200, status);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(traces, json.RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("spans", 400, "Required parameter 'serviceName' is missing\n")]
    [InlineData("dependencies", 400, "Required parameter 'endTs' is missing\n")]
    [InlineData("traces?limit=x", 400, "limit is no number: x\n")]
    [InlineData("trace/xyz", 400, "xyz is no lower-hex encoded trace id of 1 to 32 digits\n")]
    [InlineData("trace/00000000000000ff", 404, "00000000000000ff not found\n")]
    [InlineData("traceMany?traceIds=aa", 400, "traceIds are two ids or more, each once\n")]
    [InlineData("traceMany?traceIds=aa,aa", 400, "traceIds are two ids or more, each once\n")]
    public async Task Refuses(string question, int status, string text) => Assert.Equal((status, text), await _server.GetAsync("/api/v2/" + question));

    [Fact]
    public async Task Alertmanagers_paths_are_as_before()
    {
        Assert.Equal(200, (await _server.GetAsync("/api/v2/alerts")).Status);
        Assert.Equal(200, (await _server.GetAsync("/api/v2/status")).Status);
        Assert.Equal(200, (await _server.GetAsync("/api/v2/traceMany?traceIds=aa,5982fe77008310cc80f1da5e10147517")).Status);
    }
}
