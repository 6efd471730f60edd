using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Pharos.Server.Tests.Api.Loki;

public sealed class PushApiTests
{
    [Fact]
    public async Task A_push_is_answered_by_204_and_read_again()
    {
        await using var stage = await LokiStage.StartAsync();
        Assert.Equal((204, ""), await stage.PushAsync("""{"job":"a"}""", "one", "two"));
        var data = (await stage.QueryRangeAsync("{job=\"a\"}")).GetProperty("data");
        Assert.Equal("streams", data.GetProperty("resultType").GetString());
        var stream = Assert.Single(data.GetProperty("result").EnumerateArray());
        Assert.Equal(
            """{"detected_level":"unknown","job":"a","service_name":"a"}""", stream.GetProperty("stream").GetRawText());
        Assert.Equal(
            [$"{LokiStage.Text(stage.BaseNs + LokiStage.Second)} two", $"{LokiStage.Text(stage.BaseNs)} one"],
            stream.GetProperty("values").EnumerateArray().Select(static value => $"{value[0].GetString()} {value[1].GetString()}"));
    }

    [Fact]
    public async Task Gzip_is_unpacked_and_the_old_path_works()
    {
        await using var stage = await LokiStage.StartAsync();
        var text = $$"""{"streams":[{"labels":"{job=\"old\"}","entries":[{"ts":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}}","line":"x"}]}]}""";
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text));
        }
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await stage.Server.Http.PostAsync("/api/prom/push", content);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Single((await stage.QueryRangeAsync("{job=\"old\"}")).GetProperty("data").GetProperty("result").EnumerateArray());
    }

    [Fact]
    public async Task A_partly_bad_push_is_400_with_reasons_and_what_was_refused_is_kept()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\nlimits_config: {max_line_size: 5}\n");
        var (status, body) = await stage.PushAsync("""{"job":"a"}""", "short", "much too long");
        Assert.Equal(400, status);
        Assert.Equal(
            "max entry size '5' bytes exceeded for stream '{job=\"a\", service_name=\"a\"}' while adding an entry with length '13' bytes\n", body);
        Assert.Single((await stage.QueryRangeAsync("{job=\"a\"}")).GetProperty("data").GetProperty("result")[0].GetProperty("values").EnumerateArray());
        var rejected = Assert.Single(stage.Server.Server.Parts.Loki.Intake.Rejected.Snapshot("fake"));
        Assert.Equal(("line_too_long", "much too long"), (rejected.Rejection.Reason, rejected.Line));
        var metrics = (await stage.Server.GetAsync("/metrics")).Body;
        Assert.Contains("loki_discarded_samples_total{reason=\"line_too_long\",tenant=\"fake\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("loki_distributor_lines_received_total{tenant=\"fake\"} 1", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{", 400)]
    [InlineData("text/plain", "x", 400)]
    [InlineData("application/x-protobuf", "x", 400)]
    public async Task What_is_no_push_is_refused_as_plain_text(string type, string body, int expected)
    {
        await using var stage = await LokiStage.StartAsync();
        var (status, text) = await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", null, body, type);
        Assert.Equal(expected, status);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_that_is_too_large_packed_or_unpacked_is_413()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\ndistributor: {max_recv_msg_size: 1000}\n");
        Assert.Equal((413, "the push is larger than the 1000 bytes that are taken at once\n"),
            await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", null, new string(' ', 2000)));
        await using var usual = await LokiStage.StartAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var blanks = Enumerable.Repeat((byte)' ', 1 << 20).ToArray();
            for (var i = 0; i < 101; i++)
            {
                await gzip.WriteAsync(blanks);
            }
        }
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await usual.Server.Http.PostAsync("/loki/api/v1/push", content);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains(
            "loki_request_duration_seconds_count{method=\"POST\",route=\"loki_api_v1_push\",status_code=\"413\",ws=\"false\"} 1",
            (await usual.Server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenants_see_their_own_logs_and_must_say_who_they_are()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: true\nquerier: {multi_tenant_queries_enabled: true}\n");
        var push = $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{LokiStage.Text(stage.BaseNs)}}","of one"]]}]}""";
        Assert.Equal((401, "no org id\n"), await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", null, push));
        Assert.Equal(204, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", "one", push)).Status);
        Assert.Equal(400, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", "one|two", push)).Status);
        Assert.Equal(
            (400, "tenant ID 'a/b' contains unsupported character '/'\n"), await stage.SendAsync(HttpMethod.Get, "/loki/api/v1/labels", "a/b"));
        Assert.Contains("\"job\"", (await stage.SendAsync(HttpMethod.Get, "/loki/api/v1/labels", "one")).Body, StringComparison.Ordinal);
        Assert.Equal("""{"status":"success"}""", (await stage.SendAsync(HttpMethod.Get, "/loki/api/v1/labels", "two")).Body);
        var both = (await stage.SendAsync(HttpMethod.Get, "/loki/api/v1/query_range?query=%7Bjob%3D%22a%22%7D", "two|one")).Body;
        Assert.Contains("of one", both, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Otlp_logs_come_in_on_both_paths()
    {
        await using var stage = await LokiStage.StartAsync();
        var body = $$$"""
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
              "scopeLogs":[{"logRecords":[{"timeUnixNano":"{{{LokiStage.Text(stage.BaseNs)}}}","severityText":"ERROR","body":{"stringValue":"broken"},
              "traceId":"5b8efff798038103d269b633813fc60c"}]}]}]}
            """;
        Assert.Equal((200, "{}"), await stage.Server.PostJsonAsync("/v1/logs", body));
        Assert.Equal(200, (await stage.Server.PostJsonAsync("/otlp/v1/logs", body.Replace("broken", "again", StringComparison.Ordinal))).Status);
        var result = (await stage.QueryRangeAsync("{service_name=\"shop\"} | trace_id=\"5b8efff798038103d269b633813fc60c\""))
            .GetProperty("data").GetProperty("result");
        Assert.Equal(2, result.EnumerateArray().Sum(static stream => stream.GetProperty("values").GetArrayLength()));
        Assert.Equal("error", result[0].GetProperty("stream").GetProperty("detected_level").GetString());
        Assert.Equal(400, (await stage.Server.PostJsonAsync("/otlp/v1/logs", "{")).Status);
    }
}
