using Pharos.Storage.Traces;

namespace Pharos.Server.Tests.Api.Jaeger;

public sealed class TraceSearchTests
{
    [Fact]
    public async Task Tags_are_found_on_span_process_log_scope_and_link_as_texts()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(
            stage.Make("a", 1, 1) with { Attributes = [new("k", AttributeValue.OfInt(5))] },
            stage.Make("a", 2, 1) with { Resource = JaegerStage.ResourceOf("a", ("k", "5")) },
            stage.Make("a", 3, 1) with { Events = [new SpanEvent(stage.BaseNs, "e", [new("k", AttributeValue.OfText("5"))], 0)] },
            stage.Make("a", 4, 1) with { Scope = new SpanScope("s", "", [new("k", AttributeValue.OfDouble(5))], 0, "") },
            stage.Make("a", 5, 1) with { Links = [new SpanLink(new TraceId(0, 99), 1, "", 0, [new("k", AttributeValue.OfText("5"))], 0)] },
            stage.Make("a", 6, 1) with { Attributes = [new("k", AttributeValue.OfText("55"))] });
        Assert.Equal(["1", "2", "3", "4", "5"], (await stage.FindAsync("service=a&tag=k:5")).Order());
        Assert.Equal(["1", "2", "3", "4", "5"], (await stage.FindAsync("service=a&tags=%7B%22k%22%3A%225%22%7D")).Order());
        Assert.Equal(["2"], await stage.FindAsync("service=a&tag=resource.k:5"));
    }

    [Fact]
    public async Task All_must_hold_of_one_span()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(
            stage.Make("a", 1, 1, name: "x") with { Attributes = [new("k", AttributeValue.OfText("1"))] },
            stage.Make("b", 1, 2, 1, "y") with { Attributes = [new("l", AttributeValue.OfText("2"))] });
        Assert.Equal(["1"], await stage.FindAsync("service=a&operation=x&tag=k:1"));
        Assert.Empty(await stage.FindAsync("service=a&operation=y"));
        Assert.Empty(await stage.FindAsync("service=a&tag=k:1&tag=l:2"));
        // A value may have colons itself.
        Assert.Empty(await stage.FindAsync("service=a&tag=k:1:2"));
    }

    [Theory]
    [InlineData("error:true", "1")]
    [InlineData("error:false", "2")]
    [InlineData("error:maybe", "")]
    [InlineData("span.kind:client", "1")]
    [InlineData("span.kind:nonsense", "")]
    [InlineData("otel.status_code:ERROR", "1")]
    [InlineData("span.status:unset", "2")]
    [InlineData("otel.status_description:boom", "1")]
    [InlineData("otel.scope.name:lib", "2")]
    [InlineData("scope.version:1.0", "2")]
    public async Task Fields_are_found_under_the_names_that_Jaeger_shows_them_by(string tag, string expected)
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(
            stage.Make("a", 1, 1) with { Kind = SpanKind.Client, Status = SpanStatus.Error, StatusMessage = "boom" },
            stage.Make("a", 2, 1) with { Kind = SpanKind.Server, Scope = new SpanScope("lib", "1.0", [], 0, "") });
        Assert.Equal(expected, string.Concat(await stage.FindAsync($"service=a&tag={tag}")));
    }

    [Fact]
    public async Task Durations_and_times_are_inclusive()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(stage.Make("a", 1, 1, startMs: 0, durationMs: 100), stage.Make("a", 2, 1, startMs: 1000, durationMs: 200));
        Assert.Equal(["2", "1"], await stage.FindAsync("service=a&minDuration=100ms&maxDuration=0.2s"));
        Assert.Equal(["2"], await stage.FindAsync("service=a&minDuration=100001us"));
        Assert.Equal(["1"], await stage.FindAsync("service=a&maxDuration=199ms"));
        var (first, second) = (stage.BaseNs / 1000, (stage.BaseNs / 1000) + 1_000_000);
        Assert.Equal(["2", "1"], await stage.FindAsync($"service=a&start={first}&end={second}"));
        Assert.Equal(["2"], await stage.FindAsync($"service=a&start={first + 1}&end={second}"));
        Assert.Equal(["1"], await stage.FindAsync($"service=a&start={first}&end={second - 1}"));
    }

    [Fact]
    public async Task The_newest_are_given_first_and_no_more_than_asked_for()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put([.. Enumerable.Range(1, 120).Select(i => stage.Make("a", (ulong)i, 1, startMs: i * 10))]);
        Assert.Equal(["78", "77", "76"], await stage.FindAsync("service=a&limit=3"));
        Assert.Equal(100, (await stage.FindAsync("service=a")).Length);
        Assert.Equal(120, (await stage.FindAsync("service=a&limit=0")).Length);
    }

    [Fact]
    public async Task A_search_needs_no_service()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(stage.Make("a", 1, 1), stage.Make("b", 2, 1, startMs: 5));
        Assert.Equal(["2", "1"], await stage.FindAsync("limit=20"));
    }

    [Fact]
    public async Task Traces_by_ids_say_which_are_missing()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(stage.Make("a", 1, 1));
        var (status, body) = await stage.Server.GetAsync("/api/traces?traceID=1&traceID=2");
        Assert.Equal(200, status);
        Assert.EndsWith("\"errors\":[{\"msg\":\"trace not found\",\"traceID\":\"0000000000000002\"}]}", body, StringComparison.Ordinal);
        Assert.Contains("\"traceID\":\"0000000000000001\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_and_operations_are_listed_and_counted()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(
            stage.Make("b/c d", 1, 1, name: "x") with { Kind = SpanKind.Server }, stage.Make("b/c d", 1, 2, name: "x") with { Kind = SpanKind.Client },
            stage.Make("a", 1, 3, name: "y"));
        Assert.Equal("""{"data":["a","b/c d"],"total":2,"limit":0,"offset":0,"errors":null}""", (await stage.Server.GetAsync("/api/services")).Body);
        Assert.Equal(
            """{"data":["x"],"total":1,"limit":0,"offset":0,"errors":null}""", (await stage.Server.GetAsync("/api/services/b%2Fc%20d/operations")).Body);
        Assert.Equal("""{"data":["x"],"total":1,"limit":0,"offset":0,"errors":null}""", (await stage.Server.GetAsync("/api/services/b%2Fc+d/operations")).Body);
        Assert.Equal(
            """{"data":[{"name":"x","spanKind":"server"},{"name":"x","spanKind":"client"}],"total":2,"limit":0,"offset":0,"errors":null}""",
            (await stage.Server.GetAsync("/api/operations?service=b%2Fc%20d")).Body);
        Assert.Equal(
            """{"data":[{"name":"x","spanKind":"client"}],"total":1,"limit":0,"offset":0,"errors":null}""",
            (await stage.Server.GetAsync("/api/operations?service=b%2Fc%20d&spanKind=client")).Body);
        Assert.Equal("""{"data":[],"total":0,"limit":0,"offset":0,"errors":null}""", (await stage.Server.GetAsync("/api/services/none/operations")).Body);
    }

    [Fact]
    public async Task Dependencies_count_calls_between_services_within_the_lookback()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(stage.Make("web", 1, 1), stage.Make("db", 1, 2, 1), stage.Make("db", 1, 3, 1), stage.Make("cache", 1, 4, 2));
        var endMs = (stage.BaseNs / 1_000_000) + 60_000;
        Assert.Equal(
            """{"data":[{"parent":"db","child":"cache","callCount":1},{"parent":"web","child":"db","callCount":2}],"""
            + "\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}",
            (await stage.Server.GetAsync($"/api/dependencies?endTs={endMs}&lookback=3600000")).Body);
        Assert.Single((await stage.DataAsync($"/api/dependencies?endTs={endMs}&service=web")).EnumerateArray());
        Assert.Empty((await stage.DataAsync($"/api/dependencies?endTs={endMs - 7_200_000}&lookback=1000")).EnumerateArray());
    }
}
