using System.Text.Json;

namespace Pharos.Server.Tests.Api.Loki;

public sealed class PharosLogsApiTests
{
    [Fact]
    public async Task The_neighbours_of_a_line_come_in_order_of_time_whatever_they_say()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", "line 0", "line 1", "line 2", "line 3", "line 4");
        await stage.PushAsync("""{"job":"noise"}""", "noise 0", "noise 1", "noise 2", "noise 3", "noise 4");
        var context = await stage.Server.JsonAsync(Path("{job=\"a\"}", stage.BaseNs + (2 * LokiStage.Second), "&before=1&after=2"));
        Assert.Equal(["line 1"], Lines(context, "before"));
        Assert.Equal(["line 2", "line 3"], Lines(context, "after"));
        Assert.Equal((true, true), (context.GetProperty("moreBefore").GetBoolean(), context.GetProperty("moreAfter").GetBoolean()));
        Assert.Equal("a", context.GetProperty("after")[0].GetProperty("labels").GetProperty("job").GetString());
        Assert.Equal(LokiStage.Text(stage.BaseNs + LokiStage.Second), context.GetProperty("before")[0].GetProperty("timeNs").GetString());
        DescribedAnswer.Check(await stage.Server.JsonAsync("/api/pharos/openapi.json"), "LogContext", context);
    }

    [Fact]
    public async Task Where_a_stream_begins_and_ends_there_is_no_more()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", "line 0", "line 1", "line 2");
        var context = await stage.Server.JsonAsync(Path("{job=\"a\"}", stage.BaseNs + LokiStage.Second, ""));
        Assert.Equal(["line 0"], Lines(context, "before"));
        Assert.Equal(["line 1", "line 2"], Lines(context, "after"));
        Assert.Equal((false, false), (context.GetProperty("moreBefore").GetBoolean(), context.GetProperty("moreAfter").GetBoolean()));
    }

    [Fact]
    public async Task Context_goes_on_through_the_streams_of_rotated_files_and_far_back()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushFromAsync(stage.BaseNs - (20 * 3600 * LokiStage.Second), """{"job":"a","filename":"/log/app.log.1"}""", "old 0", "old 1");
        await stage.PushAsync("""{"job":"a","filename":"/log/app.log"}""", "new 0");
        var context = await stage.Server.JsonAsync(Path("{job=\"a\", filename=~\"/log/app[.]log([.-].*)?\"}", stage.BaseNs, ""));
        Assert.Equal(["old 0", "old 1"], Lines(context, "before"));
        Assert.Equal(["new 0"], Lines(context, "after"));
    }

    [Theory]
    [InlineData("/api/pharos/logs/context?query={a=\"b\"}")]
    [InlineData("/api/pharos/logs/context?query={a=&time=1")]
    [InlineData("/api/pharos/logs/context?query={a=\"b\"}|=\"x\"&time=1")]
    [InlineData("/api/pharos/logs/context?query={a=\"b\"}&time=never")]
    [InlineData("/api/pharos/logs/context?query={a=\"b\"}&time=1&before=-1")]
    [InlineData("/api/pharos/logs/context?query={a=\"b\"}&time=1&after=1001")]
    public async Task What_is_no_question_for_context_is_refused_with_a_reason(string path)
    {
        await using var stage = await LokiStage.StartAsync();
        var (status, body) = await stage.Server.GetAsync(path);
        Assert.Equal(400, status);
        Assert.NotEmpty(JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Refused_lines_are_told_by_reason_with_their_counts()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\nlimits_config: {max_line_size: 8}\n");
        var none = await stage.Server.JsonAsync("/api/pharos/logs/rejected");
        Assert.Empty(none.GetProperty("reasons").EnumerateArray());
        await stage.PushAsync("""{"job":"a"}""", [.. Enumerable.Range(0, 30).Select(static i => $"much too long {i}"), "short"]);
        await stage.PushFromAsync(1, """{"job":"a"}""", "old");
        var answer = await stage.Server.JsonAsync("/api/pharos/logs/rejected");
        DescribedAnswer.Check(await stage.Server.JsonAsync("/api/pharos/openapi.json"), "RejectedLines", answer);
        var reasons = answer.GetProperty("reasons").EnumerateArray().ToList();
        Assert.Equal(
            [("line_too_long", 30, 20), ("greater_than_max_sample_age", 1, 1)],
            reasons.Select(static reason => (
                reason.GetProperty("reason").GetString()!, reason.GetProperty("lines").GetInt32(), reason.GetProperty("last").GetArrayLength())));
        Assert.Equal("much too long 29", reasons[0].GetProperty("last")[0].GetProperty("line").GetString());
        Assert.Contains("max entry size", reasons[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static string Path(string selector, long timeNs, string more) =>
        $"/api/pharos/logs/context?query={Uri.EscapeDataString(selector)}&time={LokiStage.Text(timeNs)}{more}";

    private static string[] Lines(JsonElement context, string side) =>
        [.. context.GetProperty(side).EnumerateArray().Select(static line => line.GetProperty("line").GetString()!)];
}
