using System.Text.Json;

namespace Pharos.Server.Tests.Api.Traces;

public sealed class TracesApiTests
{
    [Theory]
    [InlineData("", "b1 a2 a1")]
    [InlineData("?service=shop", "a2 a1")]
    [InlineData("?service=shop&operation=SELECT", "a2 a1")]
    [InlineData("?service=job&operation=SELECT", "")]
    [InlineData("?error=true", "a2")]
    [InlineData("?minDuration=200ms", "a2")]
    [InlineData("?minDuration=60ms&maxDuration=0.15s", "a1")]
    [InlineData("?minDuration=150ms&durationOf=span&operation=SELECT", "a2")]
    [InlineData("?attribute=http.status_code%3D500", "a2")]
    [InlineData("?attribute=http.status_code%3E%3D500", "a2")]
    [InlineData("?attribute=http.status_code!%3D200", "a2")]
    [InlineData("?attribute=db.table%3D~c.*s", "a2 a1")]
    [InlineData("?attribute=db.table%3Dcarts&attribute=http.status_code%3D500", "a2")]
    [InlineData("?attribute=attempt%3D1&service=job", "b1")]
    [InlineData("?attribute=nothing", "")]
    [InlineData("?attribute=span.kind%3Dinternal", "b1")]
    [InlineData("?attribute=error%3Dtrue", "a2")]
    [InlineData("?sort=longest", "a2 a1 b1")]
    [InlineData("?sort=shortest", "b1 a1 a2")]
    [InlineData("?sort=most-spans", "a2 a1 b1")]
    [InlineData("?sort=fewest-spans", "b1 a1 a2")]
    public async Task Traces_are_found_by_what_their_spans_say(string question, string expected)
    {
        await using var stage = await TraceStage.StartAsync();
        Assert.Equal(expected, Ids(await stage.AskAsync(question)));
    }

    [Theory]
    [InlineData("newest", "b1 a2 a1")]
    [InlineData("longest", "a2 a1 b1")]
    public async Task Pages_go_on_behind_the_last_trace_of_the_one_before(string sort, string expected)
    {
        await using var stage = await TraceStage.StartAsync();
        var found = new List<string>();
        var from = "";
        do
        {
            var page = await stage.AskAsync($"?sort={sort}&limit=1&from={from}");
            found.Add(Ids(page));
            from = page.TryGetProperty("next", out var next) ? next.GetString()! : "";
        }
        while (from.Length > 0);
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public async Task A_summary_says_what_a_list_shows()
    {
        await using var stage = await TraceStage.StartAsync();
        var page = await stage.AskAsync("?error=true");
        var trace = page.GetProperty("traces")[0];
        Assert.Equal((TraceStage.Second, "shop", "GET /cart"), (Text(trace, "traceId"), Text(trace, "rootService"), Text(trace, "rootName")));
        Assert.Equal((300_000_000L, 3, 1, 0), (
            trace.GetProperty("durationNs").GetInt64(), trace.GetProperty("spans").GetInt32(), trace.GetProperty("errors").GetInt32(),
            trace.GetProperty("orphans").GetInt32()));
        var job = (await stage.AskAsync("?service=job")).GetProperty("traces")[0];
        Assert.Equal(("", 1), (Text(job, "rootService"), job.GetProperty("orphans").GetInt32()));
    }

    [Fact]
    public async Task Only_spans_of_the_range_count()
    {
        await using var stage = await TraceStage.StartAsync();
        var second = (stage.BaseNs / 1_000_000_000) + 61;
        Assert.Equal("a2 a1", Ids(await stage.AskAsync($"?end={second}")));
        Assert.Equal("b1", Ids(await stage.AskAsync($"?start={second}")));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1501")]
    [InlineData("?sort=oldest")]
    [InlineData("?from=x")]
    [InlineData("?start=never")]
    [InlineData("?start=2&end=1")]
    [InlineData("?minDuration=5")]
    [InlineData("?attribute=%3Dx")]
    [InlineData("?attribute=a!x")]
    [InlineData("?attribute=a%3D~(")]
    [InlineData("/operations")]
    [InlineData("/attributes/values")]
    [InlineData("/xyz")]
    [InlineData("/a1/spans/xyz")]
    [InlineData("/a1/find")]
    [InlineData("/a1/compare?with=xyz")]
    public async Task What_is_no_question_is_refused_with_a_reason(string question)
    {
        await using var stage = await TraceStage.StartAsync();
        await CheckRefusalAsync(stage, question, 400);
    }

    [Theory]
    [InlineData("/123")]
    [InlineData("/123/flame")]
    [InlineData("/a1/spans/123")]
    [InlineData("/a1/compare?with=123")]
    public async Task What_is_not_stored_is_not_found(string question)
    {
        await using var stage = await TraceStage.StartAsync();
        await CheckRefusalAsync(stage, question, 404);
    }

    [Fact]
    public async Task Names_keys_and_values_are_there_to_complete_a_question()
    {
        await using var stage = await TraceStage.StartAsync();
        Assert.Equal(["job", "shop"], Texts(await stage.AskAsync("/services"), "services"));
        Assert.Equal(
            [("GET /cart", "server"), ("SELECT", "client")],
            (await stage.AskAsync("/operations?service=shop")).GetProperty("operations").EnumerateArray()
                .Select(static operation => (Text(operation, "name"), Text(operation, "kind"))));
        Assert.Equal(
            ["attempt", "db.table", "http.status_code", "service.name", "span.kind"], Texts(await stage.AskAsync("/attributes"), "keys"));
        Assert.Equal(["200", "500"], Texts(await stage.AskAsync("/attributes/values?key=http.status_code"), "values"));
        Assert.Equal(["internal", "server", "client", "producer", "consumer"], Texts(await stage.AskAsync("/attributes/values?key=span.kind"), "values"));
    }

    [Fact]
    public async Task Answers_are_as_described()
    {
        await using var stage = await TraceStage.StartAsync();
        var document = await stage.Server.JsonAsync("/api/pharos/openapi.json");
        foreach (var (schema, path) in new[]
        {
            ("Traces", ""), ("Traces", "?limit=1"), ("TraceServices", "/services"), ("TraceOperations", "/operations?service=shop"),
            ("TraceAttributes", "/attributes"), ("TraceAttributeValues", "/attributes/values?key=db.table"), ("Timeline", "/a2"),
            ("TraceSpan", "/a2/spans/3"), ("TraceMatches", "/a2/find?text=cart"), ("TraceStatistics", "/a2/statistics?by=service&then=operation"),
            ("TraceFlame", "/a2/flame"), ("TraceComparison", "/a1/compare?with=a2"),
        })
        {
            DescribedAnswer.Check(document, schema, await stage.AskAsync(path));
        }
    }

    private static async Task CheckRefusalAsync(TraceStage stage, string question, int expected)
    {
        var (status, body) = await stage.Server.GetAsync("/api/pharos/traces" + question);
        Assert.Equal(expected, status);
        Assert.NotEmpty(JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()!);
    }

    private static string Ids(JsonElement page) => string.Join(' ', page.GetProperty("traces").EnumerateArray().Select(static trace => Text(trace, "traceId")[^2..]));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string[] Texts(JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().Select(static text => text.GetString()!)];
}
