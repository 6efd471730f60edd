using System.Text.Json;

namespace Pharos.Server.Tests.Api.Loki;

public sealed class QueryApiTests
{
    [Fact]
    public async Task Categorised_labels_are_told_by_where_they_come_from()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.Server.PostJsonAsync(
            "/loki/api/v1/push",
            $$$"""{"streams":[{"stream":{"job":"a"},"values":[["{{{LokiStage.Text(stage.BaseNs)}}}","{\"dur\":\"3ms\"}",{"trace_id":"1"}]]}]}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/loki/api/v1/query_range?query=" + Uri.EscapeDataString("{job=\"a\"} | json"));
        request.Headers.Add("X-Loki-Response-Encoding-Flags", "categorize-labels");
        using var response = await stage.Server.Http.SendAsync(request);
        var data = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("data");
        Assert.Equal("""["categorize-labels"]""", data.GetProperty("encodingFlags").GetRawText());
        var stream = data.GetProperty("result")[0];
        Assert.Equal("""{"job":"a","service_name":"a"}""", stream.GetProperty("stream").GetRawText());
        Assert.Equal(
            """{"structuredMetadata":{"detected_level":"unknown","trace_id":"1"},"parsed":{"dur":"3ms"}}""",
            stream.GetProperty("values")[0][2].GetRawText());
    }

    [Fact]
    public async Task Numbers_are_a_matrix_or_a_vector_with_statistics()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", "x", "y", "z");
        var at = LokiStage.Text((stage.BaseNs / LokiStage.Second) + 10);
        var (_, body) = await stage.Server.PostFormAsync(
            "/loki/api/v1/query", ("query", "sum by (job) (count_over_time({job=\"a\"}[1m]))"), ("time", at));
        var data = JsonDocument.Parse(body).RootElement.GetProperty("data");
        Assert.Equal("vector", data.GetProperty("resultType").GetString());
        Assert.Equal($$"""[{"metric":{"job":"a"},"value":[{{at}},"3"]}]""", data.GetProperty("result").GetRawText());
        Assert.Equal(3, data.GetProperty("stats").GetProperty("summary").GetProperty("totalLinesProcessed").GetInt64());
        foreach (var part in (string[])["summary", "querier", "ingester", "cache", "index"])
        {
            Assert.Equal(JsonValueKind.Object, data.GetProperty("stats").GetProperty(part).ValueKind);
        }
        var end = LokiStage.Text((stage.BaseNs / LokiStage.Second) + 20);
        var matrix = (await stage.QueryRangeAsync("count_over_time({job=\"a\"}[1m])", $"&start={at}&end={end}&step=10")).GetProperty("data");
        Assert.Equal("matrix", matrix.GetProperty("resultType").GetString());
        var scalar = (await stage.Server.JsonAsync($"/loki/api/v1/query?query=1%2B1&time={at}")).GetProperty("data");
        Assert.Equal($$"""[{{at}},"2"]""", scalar.GetProperty("result").GetRawText());
    }

    [Theory]
    [InlineData("query_range?query=%7Bjob", 400, "parse error at line 1, col 5: ")]
    [InlineData("query?query=%7Bjob%3D%22a%22%7D", 400, "log queries are not supported as an instant query type")]
    [InlineData("query_range?query=%7Bjob%3D%22a%22%7D&limit=0", 400, "limit must be a positive value")]
    [InlineData("query_range?query=%7Bjob%3D%22a%22%7D&limit=6000", 400,
        "max entries limit per query exceeded, limit > max_entries_limit_per_query (6000 > 5000)")]
    [InlineData("query_range?query=%7Bjob%3D%22a%22%7D&start=5&end=4", 400, "end timestamp must not be before or equal to start time")]
    [InlineData("query_range?query=%7Bjob%3D%22a%22%7D&direction=up", 400, "invalid direction 'up'")]
    [InlineData("query_range?query=rate(%7Bjob%3D%22a%22%7D%5B1m%5D)&start=0&end=100000&step=1", 400, "exceeded maximum resolution of 11,000 points")]
    [InlineData("query_range?query=%7Bjob%3D%22a%22%7D&start=yesterday", 400, "could not parse 'start' parameter")]
    public async Task What_cannot_be_asked_is_refused_as_plain_text(string path, int status, string message)
    {
        await using var stage = await LokiStage.StartAsync();
        var (found, body) = await stage.Server.GetAsync($"/loki/api/v1/{path}");
        Assert.Equal(status, found);
        Assert.StartsWith(message, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_is_laid_out()
    {
        await using var stage = await LokiStage.StartAsync();
        Assert.Equal(
            """{"status":"success","data":"{job=\"a\"} |= \"x\""}""",
            (await stage.Server.GetAsync("/loki/api/v1/format_query?query=" + Uri.EscapeDataString("{ job = \"a\" }|=\"x\""))).Body);
    }

    [Fact]
    public async Task Limits_of_a_tenant_forbid_queries()
    {
        await using var stage = await LokiStage.StartAsync(
            "auth_enabled: false\nlimits_config: {required_labels: [env], blocked_queries: [{pattern: '.*secret.*', regex: true}]}\n");
        Assert.Equal(
            (400, "stream selector is missing required matchers [env], labels present in the query were [job]\n"),
            await stage.Server.GetAsync("/loki/api/v1/query_range?query=%7Bjob%3D%22a%22%7D"));
        Assert.Equal(
            (400, "query blocked by policy\n"), await stage.Server.GetAsync("/loki/api/v1/query_range?query=%7Benv%3D%22secret%22%7D"));
    }

    [Fact]
    public async Task A_query_may_have_so_many_matchers_and_read_so_many_bytes()
    {
        await using var stage = await LokiStage.StartAsync(
            "auth_enabled: false\nlimits_config: {max_streams_matchers_per_query: 2, max_query_bytes_read: 1500B}\n");
        await stage.PushAsync("""{"job":"a"}""", new string('x', 1000));
        await stage.PushAsync("""{"job":"b"}""", new string('x', 1000));
        Task<(int Status, string Body)> AskAsync(string path, string query) =>
            stage.Server.GetAsync($"/loki/api/v1/{path}?query={Uri.EscapeDataString(query)}");
        Assert.Equal((400, "max streams matchers per query exceeded, matchers-count > limit (3 > 2)\n"),
            await AskAsync("query_range", """{job="a",x!="y",z!="w"}"""));
        const string TooMany = "the query would read too many bytes (query: 2.0 KiB, limit: 1.5 KiB); "
            + "consider adding more specific stream selectors or reduce the time range of the query\n";
        Assert.Equal((400, TooMany), await AskAsync("query_range", """{job=~".+"} |= "nothing" """));
        Assert.Equal((400, TooMany), await AskAsync("query", """sum(rate({job="a"}[5m])) / sum(rate({job="b"}[5m]))"""));
        Assert.Equal(200, (await AskAsync("query", """sum(rate({job="b"}[5m]))""")).Status);
        Assert.Equal(200, (await AskAsync("query_range", """{job="a"}""")).Status);
    }

    [Fact]
    public async Task Labels_values_and_streams_are_listed()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a","env":"dev"}""", "x");
        await stage.PushAsync("""{"job":"b"}""", "x");
        var server = stage.Server;
        Assert.Equal("""{"status":"success","data":["env","job","service_name"]}""", (await server.GetAsync("/loki/api/v1/labels")).Body);
        Assert.Equal("""{"status":"success","data":["job","service_name"]}""",
            (await server.GetAsync("/loki/api/v1/label?query=" + Uri.EscapeDataString("{job=\"b\"}"))).Body);
        Assert.Equal("""{"status":"success","data":["a","b"]}""", (await server.GetAsync("/loki/api/v1/label/job/values")).Body);
        Assert.Equal("""{"status":"success"}""", (await server.GetAsync("/loki/api/v1/label/none/values")).Body);
        Assert.Equal(
            """{"status":"success","data":[{"env":"dev","job":"a","service_name":"a"}]}""",
            (await server.PostFormAsync("/loki/api/v1/series", ("match[]", "{env=\"dev\"}"))).Body);
        Assert.Equal(2, (await server.JsonAsync("/loki/api/v1/series")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task The_index_knows_how_much_there_is()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", "12345", "12345");
        await stage.PushAsync("""{"job":"b"}""", "1");
        var server = stage.Server;
        var stats = await server.JsonAsync("/loki/api/v1/index/stats?query=" + Uri.EscapeDataString("{job=~\".+\"}"));
        Assert.Equal((2, 11, 3), (stats.GetProperty("streams").GetInt32(), stats.GetProperty("bytes").GetInt32(), stats.GetProperty("entries").GetInt32()));
        var volume = (await server.JsonAsync("/loki/api/v1/index/volume?query=" + Uri.EscapeDataString("{job=~\".+\"}"))).GetProperty("data");
        Assert.Equal("vector", volume.GetProperty("resultType").GetString());
        Assert.Equal(
            ["""{"job":"a"} 10""", """{"job":"b"} 1"""],
            volume.GetProperty("result").EnumerateArray().Select(static series =>
                $"{series.GetProperty("metric").GetRawText()} {series.GetProperty("value")[1].GetString()}"));
        var range = (await server.JsonAsync(
            "/loki/api/v1/index/volume_range?step=60&aggregateBy=labels&query=" + Uri.EscapeDataString("{job=~\".+\"}"))).GetProperty("data");
        Assert.Equal("matrix", range.GetProperty("resultType").GetString());
        Assert.Contains(range.GetProperty("result").EnumerateArray(), static series => series.GetProperty("metric").TryGetProperty("job", out _));
    }

    [Fact]
    public async Task Patterns_are_found_with_their_counts()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync(
            """{"job":"a"}""", "GET /items/1 took 12ms status=200", "GET /items/7 took 1ms status=200", "user bob logged in", "user eve logged in");
        var patterns = (await stage.Server.JsonAsync("/loki/api/v1/patterns?query=" + Uri.EscapeDataString("{job=\"a\"}"))).GetProperty("data");
        Assert.Equal(
            [("GET /items/<_> took <_> status=<_>", 2L), ("user <_> logged in", 2L)],
            patterns.EnumerateArray().Select(static pattern => (
                pattern.GetProperty("pattern").GetString()!,
                pattern.GetProperty("samples").EnumerateArray().Sum(static sample => sample[1].GetInt64()))).Order());
        Assert.Equal("unknown", patterns[0].GetProperty("level").GetString());
    }

    [Fact]
    public async Task A_block_that_is_damaged_while_it_is_served_costs_its_own_lines()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", "GET /items/1 took 12ms status=200", "GET /items/7 took 1ms status=200");
        Assert.Equal(204, (await stage.Server.PostJsonAsync("/loki/flush", "")).Status);
        await stage.PushAsync("""{"job":"a"}""", "user bob logged in", "user eve logged in");
        Assert.Equal(204, (await stage.Server.PostJsonAsync("/loki/flush", "")).Status);
        var part = Directory.GetFiles(Path.Combine(stage.Server.Folder, "data", "logs", "parts")).Order(StringComparer.Ordinal).First();
        await using (var file = new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 32;
            var flipped = (byte)(file.ReadByte() ^ 0x10);
            file.Position = 32;
            file.WriteByte(flipped);
        }

        var query = Uri.EscapeDataString("{job=\"a\"}");
        var patterns = (await stage.Server.JsonAsync($"/loki/api/v1/patterns?query={query}")).GetProperty("data");
        Assert.Equal("user <_> logged in", Assert.Single(patterns.EnumerateArray()).GetProperty("pattern").GetString());
        foreach (var path in (string[])["index/volume", "index/stats", "detected_fields", "query_range", "series?match[]=", "labels"])
        {
            var (status, body) = await stage.Server.GetAsync($"/loki/api/v1/{(path.Contains('?') ? path + query : $"{path}?query={query}")}");
            Assert.True(status == 200, $"{path}: {status} {body}");
        }
    }

    [Fact]
    public async Task Fields_of_lines_are_detected()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", """{"status":200,"took":"12ms","user":{"name":"bob"},"job":"own"}""", """{"status":500,"took":"3s"}""");
        await stage.PushAsync("""{"job":"b"}""", "level=info size=10KB ok=true ratio=0.5");
        var fields = (await stage.Server.JsonAsync("/loki/api/v1/detected_fields?query=" + Uri.EscapeDataString("{job=\"a\"}"))).GetProperty("fields");
        Assert.Equal(
            ["detected_level string 1 null", "job_extracted string 1 [\"json\"]", "status int 2 [\"json\"]", "took duration 2 [\"json\"]",
                "user_name string 1 [\"json\"]"],
            fields.EnumerateArray().Select(static field =>
                $"{field.GetProperty("label").GetString()} {field.GetProperty("type").GetString()} "
                + $"{field.GetProperty("cardinality")} {field.GetProperty("parsers").GetRawText()}"));
        Assert.Equal("""["user","name"]""", fields[4].GetProperty("jsonPath").GetRawText());
        var more = (await stage.Server.JsonAsync("/loki/api/v1/detected_fields?query=" + Uri.EscapeDataString("{job=\"b\"}"))).GetProperty("fields");
        Assert.Equal(
            ["detected_level string", "level string", "ok boolean", "ratio float", "size bytes"],
            more.EnumerateArray().Select(static field => $"{field.GetProperty("label").GetString()} {field.GetProperty("type").GetString()}"));
        var values = await stage.Server.JsonAsync("/loki/api/v1/detected_field/status/values?query=" + Uri.EscapeDataString("{job=\"a\"}"));
        Assert.Equal(["200", "500"], values.GetProperty("values").EnumerateArray().Select(static value => value.GetString()).Order());
    }

    [Fact]
    public async Task Ids_are_no_detected_labels()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a","request_id":"1234","pod":"1"}""", "x");
        await stage.PushAsync("""{"job":"b","request_id":"5678","pod":"2"}""", "x");
        Assert.Equal(
            """{"detectedLabels":[{"label":"job","cardinality":2},{"label":"pod","cardinality":2},{"label":"service_name","cardinality":2}]}""",
            (await stage.Server.GetAsync("/loki/api/v1/detected_labels")).Body);
    }
}
