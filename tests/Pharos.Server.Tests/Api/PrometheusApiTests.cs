using System.Net;
using Pharos.Server.Hosting;
using Pharos.Server.Tests.Hosting;
using Snappier;

namespace Pharos.Server.Tests.Api;

public sealed class PrometheusApiTests : IAsyncLifetime
{
    private const long Minute = 60_000;
    private const long Start = 1_700_000_000_123;

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            _server.Add(Start + (i * Minute), i, ("__name__", "requests_total"), ("job", "a"));
            _server.Add(Start + (i * Minute), i * 2, ("__name__", "requests_total"), ("job", "b"));
        }
        _server.Add(Start, 1, ("__name__", "up"), ("job", "a"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(
        "query?query=requests_total&time=1700000000.123",
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"requests_total","job":"a"},"value":[1700000000.123,"0"]},{"metric":{"__name__":"requests_total","job":"b"},"value":[1700000000.123,"0"]}]}}""")]
    [InlineData("query?query=1.5&time=1700000000", """{"status":"success","data":{"resultType":"scalar","result":[1700000000,"1.5"]}}""")]
    [InlineData("query?query=%22x%22&time=1700000000.1", """{"status":"success","data":{"resultType":"string","result":[1700000000.1,"x"]}}""")]
    [InlineData(
        "query_range?query=requests_total%7Bjob%3D%22b%22%7D&start=1700000060.123&end=1700000120.123&step=1m",
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"requests_total","job":"b"},"values":[[1700000060.123,"2"],[1700000120.123,"4"]]}]}}""")]
    [InlineData(
        "query?query=requests_total&time=1700000000.123&limit=1",
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"requests_total","job":"a"},"value":[1700000000.123,"0"]}]},"warnings":["results truncated due to limit"]}""")]
    [InlineData("labels", """{"status":"success","data":["__name__","job"]}""")]
    [InlineData("labels?match[]=up", """{"status":"success","data":["__name__","job"]}""")]
    [InlineData("label/job/values", """{"status":"success","data":["a","b"]}""")]
    [InlineData("label/job/values?match[]=up", """{"status":"success","data":["a"]}""")]
    [InlineData("label/U__job/values?limit=1", """{"status":"success","data":["a"],"warnings":["results truncated due to limit"]}""")]
    [InlineData(
        "series?match[]=up&match[]=requests_total%7Bjob%3D%22a%22%7D",
        """{"status":"success","data":[{"__name__":"requests_total","job":"a"},{"__name__":"up","job":"a"}]}""")]
    [InlineData("series?match[]=up&end=1600000000", """{"status":"success","data":[]}""")]
    [InlineData("query_exemplars?query=up", """{"status":"success","data":[]}""")]
    [InlineData("rules", """{"status":"success","data":{"groups":[]}}""")]
    [InlineData("alerts", """{"status":"success","data":{"alerts":[]}}""")]
    [InlineData("targets", """{"status":"success","data":{"activeTargets":[],"droppedTargets":[],"droppedTargetCounts":{}}}""")]
    [InlineData("metadata", """{"status":"success","data":{}}""")]
    public async Task Good_question_has_the_answer_of_Prometheus(string path, string expected)
    {
        var (status, body) = await _server.GetAsync("/api/v1/" + path);
        Assert.Equal(200, status);
        Assert.Equal(expected, body);
    }

    [Theory]
    [InlineData("query?query=up(", 400, "bad_data", "invalid parameter \"query\": 1:4: parse error: unclosed left parenthesis")]
    [InlineData("query?query=up&time=yesterday", 400, "bad_data", "invalid parameter \"time\": invalid time value for 'time': cannot parse \"yesterday\" to a valid timestamp")]
    [InlineData("query_range?query=up&start=1&end=2&step=0", 400, "bad_data", "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer")]
    [InlineData("query_range?query=up&start=2&end=1&step=1", 400, "bad_data", "invalid parameter \"end\": end timestamp must not be before start time")]
    [InlineData("query_range?query=up&start=0&end=100000&step=1", 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")]
    [InlineData("query_range?query=up&start=0&end=1&step=foo", 400, "bad_data", "invalid parameter \"step\": cannot parse \"foo\" to a valid duration")]
    [InlineData("series", 400, "bad_data", "no match[] parameter provided")]
    [InlineData("labels?limit=-1", 400, "bad_data", "invalid parameter \"limit\": limit must be non-negative")]
    [InlineData("metadata?limit=x", 400, "bad_data", "limit must be a number")]
    [InlineData("rules?type=foo", 400, "bad_data", "invalid parameter \"type\": not supported value \"foo\"")]
    public async Task Bad_question_is_refused_in_the_words_of_Prometheus(string path, int status, string type, string error)
    {
        var (actual, body) = await _server.GetAsync("/api/v1/" + path);
        Assert.Equal(status, actual);
        var json = System.Text.Json.JsonDocument.Parse(body).RootElement;
        Assert.Equal("error", json.GetProperty("status").GetString());
        Assert.Equal(type, json.GetProperty("errorType").GetString());
        Assert.Equal(error, json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Query_takes_a_form()
    {
        var (status, body) = await _server.PostFormAsync("/api/v1/query", ("query", "count(requests_total)"), ("time", "1700000000.2"));
        Assert.Equal(200, status);
        Assert.Contains("\"value\":[1700000000.200,\"2\"]", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("buildinfo", "version")]
    [InlineData("runtimeinfo", "storageRetention")]
    [InlineData("flags", null)]
    [InlineData("config", "yaml")]
    [InlineData("walreplay", "max")]
    [InlineData("tsdb", "headStats")]
    public async Task Status_has_its_fields(string topic, string? field)
    {
        var data = (await _server.JsonAsync("/api/v1/status/" + topic)).GetProperty("data");
        if (field is not null)
        {
            Assert.True(data.TryGetProperty(field, out _));
        }
    }

    [Fact]
    public async Task The_build_tells_the_version_of_the_API_and_that_of_this_program()
    {
        var data = (await _server.JsonAsync("/api/v1/status/buildinfo")).GetProperty("data");
        Assert.Equal("3.14.0", data.GetProperty("version").GetString());
        Assert.Equal($"pharos-{ServerVersion.Full}", data.GetProperty("revision").GetString());
    }

    [Fact]
    public async Task Federation_gives_the_newest_samples()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _server.Add(now, 3.5, ("__name__", "fresh"), ("job", "a"));
        var (status, body) = await _server.GetAsync("/federate?match[]=fresh");
        Assert.Equal(200, status);
        Assert.Equal($"# TYPE fresh untyped\nfresh{{job=\"a\",instance=\"\"}} 3.5 {now}\n", body);
    }

    [Fact]
    public async Task Remote_write_stores_samples()
    {
        // WriteRequest{timeseries{labels{name:"__name__" value:"w"} samples{value:2 timestamp:1000}}}
        byte[] label = [0x0a, 13, 0x0a, 8, .. "__name__"u8, 0x12, 1, .. "w"u8];
        byte[] sample = [0x12, 12, 0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xe8, 0x07];
        byte[] request = [0x0a, (byte)(label.Length + sample.Length), .. label, .. sample];
        using var content = new ByteArrayContent(Snappy.CompressToArray(request));
        content.Headers.ContentType = new("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using var response = await _server.Http.PostAsync("/api/v1/write", content);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var (_, body) = await _server.GetAsync("/api/v1/query?query=w&time=1");
        Assert.Contains("[1,\"2\"]", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remote_write_refuses_what_is_no_snappy()
    {
        using var content = new ByteArrayContent([1, 2, 3]);
        using var response = await _server.Http.PostAsync("/api/v1/write", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
