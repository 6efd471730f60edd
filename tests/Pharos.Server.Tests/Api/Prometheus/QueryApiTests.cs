using System.Text;
using Pharos.Server.Api;
using Pharos.Server.Api.Prometheus.Queries;
using Pharos.Query.Results;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Api.Prometheus;

/// <summary>What the query endpoints answer beyond a plain result.</summary>
public sealed class QueryApiTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("query?query=1&limit=x", "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("query?query=1&limit=99999999999999999999", "invalid parameter \"limit\": strconv.Atoi: parsing \"99999999999999999999\": value out of range")]
    [InlineData("query?query=1&limit=x&time=y", "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("query?query=1&timeout=x", "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration")]
    [InlineData("query?query=1&lookback_delta=x", "error parsing lookback delta duration: cannot parse \"x\" to a valid duration")]
    [InlineData("query_range?query=1&end=1&step=1", "invalid parameter \"start\": cannot parse \"\" to a valid timestamp")]
    [InlineData("query_range?query=up[1m]&start=0&end=1&step=1", "invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector")]
    [InlineData("query_exemplars?query=up&start=2&end=1", "end timestamp must not be before start timestamp")]
    [InlineData("query_exemplars?query=up(", "1:4: parse error: unclosed left parenthesis")]
    [InlineData("query_exemplars?query=up&start=x", "invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp")]
    [InlineData("parse_query?query=", "invalid parameter \"query\": unknown position: parse error: no expression found in input")]
    [InlineData("labels?match[]={}", "match[] must contain at least one non-empty matcher")]
    [InlineData("series?match[]={}", "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher")]
    [InlineData("labels?match[]={", "1:2: parse error: unexpected end of input inside braces")]
    [InlineData("rules?exclude_alerts=maybe", "invalid parameter \"exclude_alerts\": error converting exclude_alerts: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("rules?group_limit=0", "invalid parameter \"group_limit\": group_limit needs to be greater than 0")]
    [InlineData("rules?group_limit=x", "invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("rules?group_next_token=x", "invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups")]
    [InlineData("rules?group_limit=1&group_next_token=x", "invalid parameter \"group_next_token\": invalid group_next_token 'x'. were rule groups changed?")]
    [InlineData("metadata?limit_per_metric=x", "limit_per_metric must be a number")]
    [InlineData("status/tsdb?limit=0", "limit must be a positive number")]
    [InlineData("status/tsdb?limit=10001", "limit must not exceed 10000")]
    [InlineData("scrape_pools/config", "no scrapePool parameter provided")]
    [InlineData("targets/relabel_steps?scrapePool=a", "no labels parameter provided")]
    [InlineData("targets/relabel_steps?scrapePool=a&labels=%7B%7D", "error retrieving scrape config: scrape pool \"a\" not found")]
    public async Task Bad_parameter_is_refused_in_the_words_of_Prometheus(string path, string error)
    {
        var (status, body) = await _server.GetAsync("/api/v1/" + path);
        Assert.Equal(400, status);
        Assert.Equal(error, System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("time()/7", 0, 901)]
    [InlineData("label_replace(vector(time()/7),\"a\",\"b\",\"\",\"\") or vector(time()/7) > 50", 351, 550)]
    public async Task Long_rows_of_points_arrive_whole(string query, int from, int count)
    {
        var (status, body) = await _server.GetAsync($"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start=0&end=900&step=1");
        Assert.Equal(200, status);
        using var answer = System.Text.Json.JsonDocument.Parse(body);
        var points = answer.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("values");
        Assert.Equal(count, points.GetArrayLength());
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(from + i, points[i][0].GetInt32());
            Assert.Equal((from + i) / 7.0, double.Parse(points[i][1].GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>As Go rounds: a client that counts in sixteenths gets the milliseconds that Prometheus gives it.</summary>
    [Theory]
    [InlineData("1000.0625", "1000.063")]
    [InlineData("-1000.0625", "-1000.063")]
    [InlineData("1000.1875", "1000.188")]
    public async Task Half_a_millisecond_is_rounded_away_from_zero(string time, string expected)
    {
        var (_, body) = await _server.GetAsync($"/api/v1/query?query=time()&time={time}");
        Assert.Contains($"[{expected},", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_that_has_run_out_is_503()
    {
        var (status, body) = await _server.GetAsync("/api/v1/query?query=up&timeout=-1");
        Assert.Equal(503, status);
        Assert.Contains("\"errorType\":\"timeout\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_in_the_queue_counts_and_a_client_that_goes_away_makes_room()
    {
        await using var server = await RunningServer.StartAsync(options => options with { QueryMaxConcurrency = 1 });
        using var client = new CancellationTokenSource();
        var slow = server.Http.GetAsync("/api/v1/query?query=count_over_time(vector(time())[300d:1s])", client.Token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        (int Status, string Body) answer;
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            answer = await server.GetAsync("/api/v1/query?query=1&timeout=100ms");
        }
        while (answer.Status == 200);
        Assert.Equal((503, """{"status":"error","errorType":"timeout","error":"query timed out in query queue"}"""), answer);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.Equal(200, (await server.GetAsync("/api/v1/query?query=1&timeout=10s")).Status);
    }

    [Fact]
    public async Task An_address_may_be_as_long_as_Go_lets_it_be()
    {
        var (status, body) = await _server.GetAsync($"/api/v1/query?query=1&time=1&unknown={new string('x', 900_000)}");
        Assert.Equal((200, """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"""), (status, body));
    }

    [Fact]
    public async Task Query_that_selects_nothing_has_no_exemplars_and_no_body()
    {
        Assert.Equal((204, ""), await _server.GetAsync("/api/v1/query_exemplars?query=1"));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("true")]
    public async Task Statistics_have_Prometheus_fields(string value)
    {
        var stats = (await _server.JsonAsync($"/api/v1/query?query=1&stats={value}")).GetProperty("data").GetProperty("stats");
        Assert.Equal(
            ["evalTotalTime", "resultSortTime", "queryPreparationTime", "innerEvalTime", "execQueueTime", "execTotalTime"],
            stats.GetProperty("timings").EnumerateObject().Select(field => field.Name));
        Assert.True(stats.GetProperty("samples").TryGetProperty("peakSamples", out _));
    }

    [Theory]
    [InlineData("1.50", """{"type":"numberLiteral","val":"1.5"}""")]
    [InlineData("-\"x\"", null)]
    [InlineData("-x", """{"type":"unaryExpr","op":"-","expr":{"type":"vectorSelector","name":"x","offset":0,"matchers":[{"name":"__name__","value":"x","type":"="}],"timestamp":null,"startOrEnd":null,"anchored":false,"smoothed":false}}""")]
    [InlineData("rate(x{a!~\"b\"}[5m] offset 1m @ end())", """{"type":"call","func":{"name":"rate","argTypes":["matrix"],"variadic":0,"returnType":"vector"},"args":[{"type":"matrixSelector","name":"x","range":300000,"offset":60000,"matchers":[{"name":"a","value":"b","type":"!~"},{"name":"__name__","value":"x","type":"="}],"timestamp":null,"startOrEnd":"end","anchored":false,"smoothed":false}]}""")]
    [InlineData("(x)[1h:5m] @ 2", """{"type":"subquery","expr":{"type":"parenExpr","expr":{"type":"vectorSelector","name":"x","offset":0,"matchers":[{"name":"__name__","value":"x","type":"="}],"timestamp":null,"startOrEnd":null,"anchored":false,"smoothed":false}},"range":3600000,"offset":0,"step":300000,"timestamp":2000,"startOrEnd":null}""")]
    [InlineData("1 > bool 2", """{"type":"binaryExpr","op":"\u003E","lhs":{"type":"numberLiteral","val":"1"},"rhs":{"type":"numberLiteral","val":"2"},"matching":null,"bool":true}""")]
    public async Task Parsed_query_is_shown_as_its_tree(string query, string? expected)
    {
        var (status, body) = await _server.PostFormAsync("/api/v1/parse_query", ("query", query));
        Assert.Equal(expected is null ? 400 : 200, status);
        if (expected is not null)
        {
            var data = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("data");
            Assert.Equal(expected.Replace("\\u003E", ">", StringComparison.Ordinal), data.GetRawText());
        }
    }

    [Fact]
    public async Task Aggregation_and_matching_are_in_the_tree()
    {
        var (_, body) = await _server.PostFormAsync(
            "/api/v1/parse_query", ("query", "topk by (job) (2, a * on (x) group_left (y) b)"));
        var tree = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("data");
        Assert.Equal("topk", tree.GetProperty("op").GetString());
        Assert.Equal("2", tree.GetProperty("param").GetProperty("val").GetString());
        Assert.Equal("""["job"]""", tree.GetProperty("grouping").GetRawText());
        Assert.Equal(
            """{"card":"many-to-one","labels":["x"],"on":true,"include":["y"],"fillValues":{"lhs":null,"rhs":null}}""",
            tree.GetProperty("expr").GetProperty("matching").GetRawText());
    }

    [Fact]
    public async Task Numbers_and_histograms_of_a_series_stand_in_lists_of_their_own()
    {
        var exponential = new NativeHistogram
        {
            Schema = 0, Count = 12, Sum = 3.5, ZeroThreshold = 0.001, ZeroCount = 2,
            PositiveSpans = [new BucketSpan(0, 2), new BucketSpan(1, 1)], PositiveBuckets = [1, 0, 4],
            NegativeSpans = [new BucketSpan(1, 2)], NegativeBuckets = [3, 2],
        };
        var custom = new NativeHistogram
        {
            Schema = NativeHistogram.CustomBucketsSchema, Count = 3, Sum = 9, CustomBounds = [0.5, 2],
            PositiveSpans = [new BucketSpan(0, 3)], PositiveBuckets = [1, 1, 1],
        };
        var matrix = new MatrixValue([new MatrixSeries(LabelSet.From(("a", "b")), [1000], [7]) { Histograms = [(2000, exponential), (3500, custom)] }]);
        Assert.Equal(
            """
            {"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1,"7"]],"histograms":[[2,{"count":"12","sum":"3.5","buckets":[[1,"-4","-2","2"],[1,"-2","-1","3"],[3,"-0.001","0.001","2"],[0,"0.5","1","1"],[0,"4","8","4"]]}],[3.500,{"count":"3","sum":"9","buckets":[[3,"-Inf","0.5","1"],[0,"0.5","2","1"],[0,"2","+Inf","1"]]}]]}]}
            """,
            await WriteAsync(matrix));
    }

    [Fact]
    public async Task Histogram_of_a_vector_takes_the_place_of_its_value()
    {
        var vector = new VectorValue([new VectorSample(LabelSet.Empty, 1000, 0, new NativeHistogram { Count = 0, Sum = 0 })]);
        Assert.Equal(
            """{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"0","sum":"0"}]}]}""", await WriteAsync(vector));
    }

    private static async Task<string> WriteAsync(QueryValue value)
    {
        using var bytes = new MemoryStream();
        var pipe = System.IO.Pipelines.PipeWriter.Create(bytes);
        await using (var stream = new JsonStream(pipe, CancellationToken.None))
        {
            stream.Writer.WriteStartObject();
            await QueryValueJson.WriteAsync(stream, value, new MatrixJson(1));
            stream.Writer.WriteEndObject();
            await stream.EndAsync();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
