using System.Text.Json;

namespace Pharos.Server.Tests.Api.Traces;

public sealed class TraceViewsApiTests
{
    [Fact]
    public async Task A_timeline_is_lists_of_what_its_rows_show()
    {
        await using var stage = await TraceStage.StartAsync();
        var timeline = await stage.AskAsync("/a2");
        Assert.Equal(stage.BaseNs + 60_000_000_000, long.Parse(timeline.GetProperty("startNs").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((300_000_000, 3, 1, 0), (Number(timeline, "durationNs"), Number(timeline, "spans"), Number(timeline, "errors"), Number(timeline, "leftOut")));
        Assert.Equal(["shop"], Texts(timeline.GetProperty("services")));
        Assert.Equal(["GET /cart", "SELECT"], Texts(timeline.GetProperty("operations")));
        var rows = timeline.GetProperty("rows");
        Assert.Equal(["0000000000000001", "0000000000000002", "0000000000000003"], Texts(rows.GetProperty("id")));
        Assert.Equal([0L, 1, 1], Numbers(rows, "depth"));
        Assert.Equal([2L, 0, 0], Numbers(rows, "children"));
        Assert.Equal([2L, 0, 0], Numbers(rows, "descendants"));
        Assert.Equal([0L, 10_000_000, 50_000_000], Numbers(rows, "start"));
        Assert.Equal([300_000_000L, 30_000_000, 200_000_000], Numbers(rows, "duration"));
        Assert.Equal([0L, 1, 1], Numbers(rows, "operation"));
        Assert.Equal([2L, 3, 3], Numbers(rows, "kind"));
        Assert.Equal([0L, 0, 1], Numbers(rows, "error"));
        Assert.Equal([0L, 1_000_000, 1, 11_000_000, 2, 51_000_000], Numbers(timeline, "events"));
        Assert.Equal(
            [0L, 250_000_000, 300_000_000, 2, 50_000_000, 250_000_000, 0, 40_000_000, 50_000_000, 1, 10_000_000, 40_000_000, 0, 0, 10_000_000],
            Numbers(timeline, "criticalPath"));
        var job = await stage.AskAsync("/b1");
        Assert.Equal([0L], Numbers(job, "orphans"));
    }

    [Fact]
    public async Task A_span_is_told_whole()
    {
        await using var stage = await TraceStage.StartAsync();
        var span = await stage.AskAsync("/" + TraceStage.Second + "/spans/0000000000000003");
        Assert.Equal(("shop", "SELECT", "client", "error", "0000000000000001"), (
            Text(span, "service"), Text(span, "operation"), Text(span, "kind"), Text(span, "status"), Text(span, "parentSpanId")));
        Assert.Equal((50_000_000, 200_000_000, 200_000_000), (Number(span, "relativeStartNs"), Number(span, "durationNs"), Number(span, "selfNs")));
        Assert.Equal(
            [("http.status_code", "int", "500"), ("db.table", "text", "carts")],
            span.GetProperty("attributes").EnumerateArray().Select(static one => (Text(one, "key"), Text(one, "type"), Text(one, "value"))));
        Assert.Equal("service.name", Text(span.GetProperty("resource")[0], "key"));
        Assert.Equal("tests", Text(span.GetProperty("scope"), "name"));
        var happened = span.GetProperty("events")[0];
        Assert.Equal(("begun", 1_000_000), (Text(happened, "name"), Number(happened, "relativeNs")));
        Assert.Equal("attempt", Text(happened.GetProperty("attributes")[0], "key"));
    }

    [Theory]
    [InlineData("carts", "1 2")]
    [InlineData("http.status_code=500", "2")]
    [InlineData("get /CART", "0")]
    [InlineData("nowhere", "")]
    public async Task A_text_is_found_in_the_rows_that_say_it(string text, string rows)
    {
        await using var stage = await TraceStage.StartAsync();
        var found = await stage.AskAsync("/a2/find?text=" + Uri.EscapeDataString(text));
        Assert.Equal(rows, string.Join(' ', Numbers(found, "rows")));
    }

    [Fact]
    public async Task Sums_calls_and_differences_are_those_of_the_trace()
    {
        await using var stage = await TraceStage.StartAsync();
        var group = (await stage.AskAsync("/a2/statistics?by=service&then=operation")).GetProperty("groups")[0];
        Assert.Equal(("shop", 3, 530_000_000, 300_000_000), (Text(group, "name"), Number(group, "spans"), Number(group, "totalNs"), Number(group, "selfTotalNs")));
        Assert.Equal("SELECT", Text(group.GetProperty("parts")[0], "name"));
        var calls = (await stage.AskAsync("/a2/flame")).GetProperty("nodes");
        Assert.Equal(("SELECT", 0, 2, 230_000_000), (Text(calls[1], "operation"), Number(calls[1], "parent"), Number(calls[1], "spans"), Number(calls[1], "weightNs")));
        var compared = await stage.AskAsync("/a1/compare?with=a2");
        Assert.Equal((2, 3), (Number(compared.GetProperty("a"), "spans"), Number(compared.GetProperty("b"), "spans")));
        var select = compared.GetProperty("nodes")[1];
        Assert.Equal((1, 2, 0, 1), (Number(select, "spansA"), Number(select, "spansB"), Number(select, "errorsA"), Number(select, "errorsB")));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static long[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static one => one.GetInt64())];

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static one => one.GetString()!)];
}
