using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Pharos.Server.Tests.Api.Tempo;

/// <summary>Tempo's API in the order in which Grafana's data source walks it: test, complete, search, open, measure.</summary>
public sealed class TempoApiTests
{
    [Fact]
    public async Task The_data_source_is_tested_by_an_echo()
    {
        await using var stage = await TempoStage.StartAsync();
        Assert.Equal((200, "echo"), await stage.Server.GetAsync("/tempo/api/echo"));
        Assert.Equal((200, "ready\n"), await stage.Server.GetAsync("/tempo/ready"));
        var info = await stage.JsonAsync("/tempo/api/status/buildinfo");
        Assert.Equal("2.9.0", info.GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_search_answers_in_Tempos_form()
    {
        await using var stage = await TempoStage.StartAsync();
        var ns = stage.BaseSeconds * 1_000_000_000;
        var found = await stage.SearchAsync("{ status = error }");
        Assert.Equal(
            $$$$"""
            {"traceID":"ab","rootServiceName":"shop","rootTraceName":"GET /cart","startTimeUnixNano":"{{{{ns}}}}","durationMs":500,
            "spanSet":{"spans":[{"spanID":"0000000000000002","startTimeUnixNano":"{{{{ns + 100_000_000}}}}","durationNanos":"200000000",
            "attributes":[{"key":"status","value":{"stringValue":"error"}}]}],"matched":1},
            "spanSets":[{"spans":[{"spanID":"0000000000000002","startTimeUnixNano":"{{{{ns + 100_000_000}}}}","durationNanos":"200000000",
            "attributes":[{"key":"status","value":{"stringValue":"error"}}]}],"matched":1}],
            "serviceStats":{"shop":{"spanCount":2,"errorCount":1}}}
            """.Replace("\n", "", StringComparison.Ordinal), Assert.Single(found.GetProperty("traces").EnumerateArray()).GetRawText());
        Assert.Equal(1, found.GetProperty("metrics").GetProperty("completedJobs").GetInt32());
    }

    [Fact]
    public async Task The_newest_come_first_and_no_more_than_are_wanted()
    {
        await using var stage = await TempoStage.StartAsync();
        Assert.Equal(["ab", "cd"], Ids(await stage.SearchAsync("{}")));
        Assert.Equal(["ab"], Ids(await stage.SearchAsync("{}", "&limit=1")));
        Assert.Equal(["cd"], Ids(await stage.SearchAsync("{}", $"&start={stage.BaseSeconds - 100}&end={stage.BaseSeconds - 10}")));
        Assert.Equal(["ab"], Ids(await stage.SearchAsync("{}", $"&start={stage.BaseSeconds}&end={stage.BaseSeconds + 10}")));
        var set = (await stage.SearchAsync("{ resource.service.name = \"shop\" }", "&spss=1")).GetProperty("traces")[0].GetProperty("spanSets")[0];
        Assert.Equal(1, set.GetProperty("spans").GetArrayLength());
        Assert.Equal(2, set.GetProperty("matched").GetInt32());
    }

    [Fact]
    public async Task A_trace_without_root_says_so()
    {
        await using var stage = await TempoStage.StartAsync();
        var trace = (await stage.SearchAsync("{ name = \"work\" }")).GetProperty("traces")[0];
        Assert.Equal("<root span not yet received>", trace.GetProperty("rootServiceName").GetString());
        Assert.False(trace.TryGetProperty("rootTraceName", out _));
        Assert.Equal("work", trace.GetProperty("spanSets")[0].GetProperty("spans")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Sets_say_by_what_they_are_grouped()
    {
        await using var stage = await TempoStage.StartAsync();
        var set = (await stage.SearchAsync("{ } | by(kind) | max(duration) > 400ms")).GetProperty("traces")[0].GetProperty("spanSets")[0];
        Assert.Equal(
            "[{\"key\":\"by(kind)\",\"value\":{\"stringValue\":\"server\"}},{\"key\":\"max(duration)\",\"value\":{\"stringValue\":\"500ms\"}}]",
            set.GetProperty("attributes").GetRawText());
    }

    [Theory]
    [InlineData("tags=service.name%3Dshop", "ab")]
    [InlineData("tags=service.name%3DSHO", "ab")]
    [InlineData("tags=service.name%3Dshop%20db.system%3Dpg", "ab")]
    [InlineData("tags=service.name%3Dshop%20db.system%3Dmysql", "")]
    [InlineData("tags=http.status_code%3D500", "ab")]
    [InlineData("tags=http.status_code%3D50", "")]
    [InlineData("tags=name%3D%22GET%20%2Fca%22", "ab")]
    [InlineData("tags=root.service.name%3Dshop", "ab")]
    [InlineData("tags=error%3Dtrue", "ab")]
    [InlineData("minDuration=1s", "cd")]
    [InlineData("maxDuration=1s", "ab")]
    [InlineData("tags=rows%3Dman&minDuration=1s&maxDuration=1m", "cd")]
    [InlineData("", "ab cd")]
    public async Task A_search_by_tags_finds_parts_of_texts_in_any_case(string question, string traces)
    {
        await using var stage = await TempoStage.StartAsync();
        var found = await stage.JsonAsync("/tempo/api/search?" + question);
        Assert.Equal(traces, string.Join(' ', Ids(found)));
        Assert.All(found.GetProperty("traces").EnumerateArray(), static trace => Assert.False(trace.TryGetProperty("spanSets", out _)));
    }

    [Theory]
    [InlineData("/api/search?q=%7B", "invalid TraceQL query: parse error at line 1, col 2: syntax error: unexpected $end")]
    [InlineData("/api/search?q=%7B%7D&tags=a%3Db", "invalid request: can't specify tags and q in the same query")]
    [InlineData("/api/search?limit=0", "invalid limit: must be a positive number")]
    [InlineData("/api/search?limit=x", "invalid limit: strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("/api/search?spss=-1", "invalid spans per span set: must be a positive number")]
    [InlineData("/api/search?limit=300000", "limit 300000 exceeds max limit 262144")]
    [InlineData("/api/search?spss=101", "spans per span set exceeds 100. received 101")]
    [InlineData("/api/search?start=x", "invalid start: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("/api/search?start=5&end=4", "http parameter start must be before end. received start=5 end=4")]
    [InlineData("/api/search?tags=a", "invalid tags: expected a key and a value at position 2")]
    [InlineData("/api/search?tags=a%3D%22b", "invalid tags: unterminated quoted value")]
    [InlineData("/api/search?minDuration=x", "invalid minDuration: time: invalid duration \"x\"")]
    [InlineData("/api/search?minDuration=2s&maxDuration=1s", "invalid maxDuration: must be greater than minDuration")]
    [InlineData("/api/search?q=%7B%7D%7Crate()", "metrics queries can't be used to search: use query_range")]
    [InlineData("/api/traces/xyz", "trace IDs can only contain hex characters: invalid character 'x' at position 1")]
    [InlineData("/api/traces/123456789012345678901234567890123", "trace IDs can't be larger than 128 bits")]
    [InlineData("/api/v2/traces/ab?q=%7B%7D%7Ccount()%3E1", "invalid TraceQL query: only a single spanset filter is supported")]
    [InlineData("/api/v2/search/tags?scope=x", "invalid scope: x")]
    [InlineData("/api/v2/search/tag/foo/values", "invalid tag name: parse error at line 1, col 1: syntax error: unexpected IDENTIFIER")]
    [InlineData("/api/metrics/query_range", "query required")]
    [InlineData("/api/metrics/query_range?q=%7B%7D", "not a metrics query")]
    [InlineData("/api/metrics/query_range?q=%7B%7D%7Crate()&start=2&end=1", "end must be greater than start")]
    [InlineData("/api/metrics/query_range?q=%7B%7D%7Crate()&start=x", "invalid start: \"x\" is no time")]
    public async Task What_is_wrong_is_refused_in_words(string path, string reason)
    {
        await using var stage = await TempoStage.StartAsync();
        Assert.Equal((400, reason + "\n"), await stage.Server.GetAsync("/tempo" + path));
    }

    [Fact]
    public async Task A_trace_is_opened_by_its_id()
    {
        await using var stage = await TempoStage.StartAsync();
        Assert.Equal((404, "trace not found\n"), await stage.Server.GetAsync("/tempo/api/traces/ef"));
        Assert.Equal((404, "trace not found\n"), await stage.Server.GetAsync("/tempo/api/v2/traces/ef"));
        var first = (await stage.JsonAsync("/tempo/api/traces/00ab")).GetProperty("batches")[0];
        Assert.Equal("shop", first.GetProperty("resource").GetProperty("attributes")[0].GetProperty("value").GetProperty("stringValue").GetString());
        var spans = first.GetProperty("scopeSpans")[0].GetProperty("spans");
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAqw==", spans[0].GetProperty("traceId").GetString());
        Assert.Equal("SPAN_KIND_SERVER", spans[0].GetProperty("kind").GetString());
        Assert.Equal("STATUS_CODE_ERROR", spans[1].GetProperty("status").GetProperty("code").GetString());
        var second = await stage.JsonAsync("/tempo/api/v2/traces/ab");
        Assert.Equal(2, second.GetProperty("trace").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans").GetArrayLength());
        Assert.Equal("{}", second.GetProperty("metrics").GetRawText());
    }

    [Fact]
    public async Task A_part_of_a_trace_is_opened_with_what_stands_above_it()
    {
        await using var stage = await TempoStage.StartAsync();
        var query = Uri.EscapeDataString("{ status = error }");
        var whole = await stage.JsonAsync($"/tempo/api/v2/traces/ab?q={query}");
        Assert.Equal(2, whole.GetProperty("trace").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans").GetArrayLength());
        var alone = await stage.JsonAsync($"/tempo/api/v2/traces/ab?q={query}&keep_hierarchy=false");
        Assert.Equal("SELECT", Assert.Single(alone.GetProperty("trace").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0]
            .GetProperty("spans").EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/tempo/api/traces/ab", 0)]
    [InlineData("/tempo/api/v2/traces/ab", 1)]
    public async Task Grafana_opens_a_trace_as_protobuf(string path, int wrapped)
    {
        await using var stage = await TempoStage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/protobuf"));
        using var response = await stage.Server.Http.SendAsync(request);
        Assert.Equal("application/protobuf", response.Content.Headers.ContentType!.MediaType);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        // Field 1, of the length that is left but for an empty message of metrics behind it.
        Assert.Equal(0x0a, bytes[0]);
        var (length, at) = (bytes[1] & 0x7f | (bytes[2] << 7), 3);
        Assert.Equal(bytes.Length - at - (wrapped * 2), length);
        Assert.Contains("GET /cart", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_values_are_completed()
    {
        await using var stage = await TempoStage.StartAsync();
        var scopes = (await stage.JsonAsync("/tempo/api/v2/search/tags")).GetProperty("scopes").EnumerateArray()
            .ToDictionary(static scope => scope.GetProperty("name").GetString()!, static scope => Strings(scope.GetProperty("tags")));
        Assert.Equal(["resource", "span", "event", "intrinsic"], scopes.Keys);
        Assert.Equal(["service.name"], scopes["resource"]);
        Assert.Equal(["db.system", "http.status_code", "rows"], scopes["span"]);
        Assert.Equal(["exception.message"], scopes["event"]);
        Assert.Contains("span:childCount", scopes["intrinsic"]);
        Assert.Contains("status", scopes["intrinsic"]);
        Assert.Equal(["db.system", "exception.message", "http.status_code", "rows", "service.name"],
            Strings((await stage.JsonAsync("/tempo/api/search/tags")).GetProperty("tagNames")));
        Assert.Equal(["service.name"], Strings((await stage.JsonAsync("/tempo/api/search/tags?scope=resource")).GetProperty("tagNames")));
        Assert.Equal(["job", "shop"], Strings((await stage.JsonAsync("/tempo/api/search/tag/service.name/values")).GetProperty("tagValues")));
        var filter = Uri.EscapeDataString("{ name = \"work\" }");
        var narrowed = (await stage.JsonAsync($"/tempo/api/v2/search/tags?scope=span&q={filter}")).GetProperty("scopes");
        Assert.Equal(["rows"], Strings(narrowed[0].GetProperty("tags")));
    }

    [Theory]
    [InlineData("resource.service.name", "", "string job, string shop")]
    [InlineData(".rows", "", "int 3, string many")]
    [InlineData("span.rows", "{ resource.service.name = \"job\" }", "string many")]
    [InlineData("span.rows", "{ resource.service.name = \"job\" && span.x = }", "string many")]
    [InlineData("span.rows", "{ resource.service.name = ", "int 3, string many")]
    [InlineData("name", "", "string GET /cart, string SELECT, string work")]
    [InlineData("span:name", "{ status = error }", "string SELECT")]
    [InlineData("status", "", "keyword error, keyword ok, keyword unset")]
    [InlineData("rootServiceName", "", "string shop")]
    [InlineData("trace:rootName", "", "string GET /cart")]
    [InlineData("event:name", "", "string exception")]
    [InlineData("event.exception.message", "", "string boom")]
    [InlineData("instrumentation:name", "", "string lib")]
    [InlineData("duration", "", "")]
    [InlineData("span.nothing", "", "")]
    public async Task Values_say_their_type(string tag, string query, string expected)
    {
        await using var stage = await TempoStage.StartAsync();
        var values = await stage.JsonAsync($"/tempo/api/v2/search/tag/{Uri.EscapeDataString(tag)}/values?q={Uri.EscapeDataString(query)}");
        Assert.Equal(expected, string.Join(", ", values.GetProperty("tagValues").EnumerateArray()
            .Select(static value => $"{value.GetProperty("type").GetString()} {value.GetProperty("value").GetString()}")));
    }

    [Fact]
    public async Task Numbers_over_time_come_with_labels_and_exemplars()
    {
        await using var stage = await TempoStage.StartAsync();
        var query = Uri.EscapeDataString("{ } | max_over_time(duration) by (resource.service.name)");
        var (start, end) = (stage.BaseSeconds - 120, stage.BaseSeconds + 60);
        var answer = await stage.JsonAsync($"/tempo/api/metrics/query_range?q={query}&start={start}&end={end}&step=300s");
        var series = answer.GetProperty("series");
        Assert.Equal(2, series.GetArrayLength());
        var job = series[0];
        Assert.Equal("[{\"key\":\"resource.service.name\",\"value\":{\"stringValue\":\"job\"}}]", job.GetProperty("labels").GetRawText());
        Assert.Equal("{resource.service.name=\"job\"}", job.GetProperty("promLabels").GetString());
        var sample = Assert.Single(job.GetProperty("samples").EnumerateArray());
        Assert.Equal(2.5, sample.GetProperty("value").GetDouble());
        var time = long.Parse(sample.GetProperty("timestampMs").GetString()!, CultureInfo.InvariantCulture);
        Assert.Equal(0, time % 300_000);
        Assert.InRange(time, (stage.BaseSeconds - 60) * 1000, (stage.BaseSeconds + 240) * 1000);
        var exemplar = Assert.Single(job.GetProperty("exemplars").EnumerateArray());
        Assert.Equal("cd", exemplar.GetProperty("labels")[1].GetProperty("value").GetProperty("stringValue").GetString());
        Assert.Equal("trace:id", exemplar.GetProperty("labels")[1].GetProperty("key").GetString());
        Assert.Equal(2.5, exemplar.GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task One_number_of_the_whole_range_and_none_without_exemplars()
    {
        await using var stage = await TempoStage.StartAsync();
        var instant = await stage.JsonAsync($"/tempo/api/metrics/query?q={Uri.EscapeDataString("{ } | count_over_time()")}&since=10m");
        Assert.Equal(
            "[{\"labels\":[{\"key\":\"__name__\",\"value\":{\"stringValue\":\"count_over_time\"}}],\"promLabels\":\"{__name__=\\\"count_over_time\\\"}\",\"value\":3}]",
            instant.GetProperty("series").GetRawText());
        var range = await stage.JsonAsync($"/tempo/api/metrics/query_range?q={Uri.EscapeDataString("{ } | rate() with (exemplars=false)")}&since=10m");
        Assert.False(range.GetProperty("series")[0].TryGetProperty("exemplars", out _));
        Assert.InRange(range.GetProperty("series")[0].GetProperty("samples").GetArrayLength(), 240, 400);
        var empty = await stage.JsonAsync($"/tempo/api/metrics/query_range?q={Uri.EscapeDataString("{ .x = 1 } | rate()")}&start=100&end=200&step=10");
        Assert.Equal(0, empty.GetProperty("series").GetArrayLength());
    }

    private static IEnumerable<string> Ids(JsonElement found) => found.GetProperty("traces").EnumerateArray().Select(static trace => trace.GetProperty("traceID").GetString()!);

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(static item => item.GetString()!);
}
