using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Collection.Tests.Receivers.Otlp;

public sealed class OtlpMetricsReceiverTests
{
    private const string Resource = """
        {"key":"service.name","value":{"stringValue":"shop"}},{"key":"service.namespace","value":{"stringValue":"eu"}},
        {"key":"service.instance.id","value":{"stringValue":"i-1"}},{"key":"host.name","value":{"stringValue":"h"}},
        {"key":"cpus","value":{"intValue":"8"}}
        """;

    [Fact]
    public async Task A_counter_has_its_suffix_its_job_and_its_metadata()
    {
        await using var stage = new OtlpStage();
        var outcome = stage.Receive(Sum("2", attributes: """{"key":"http.method","value":{"stringValue":"GET"}}"""));
        Assert.Equal(new OtlpOutcome(0, false, ""), outcome);
        Assert.Equal(["""requests_bytes_total{http_method="GET", job="shop"} 5@2000"""], stage.Samples());
        Assert.Equal(new MetricMetadata("counter", "Help.", "bytes"), stage.Store.Metadata["requests_bytes_total"]);
    }

    [Fact]
    public async Task Type_and_unit_become_labels_where_the_feature_is_on()
    {
        await using var stage = new OtlpStage(features: new OtlpFeatures { TypeAndUnitLabels = true });
        stage.Receive(Sum("2") + """,{"name":"level","gauge":{"dataPoints":[{"timeUnixNano":"2000000000","asInt":1}]}}""", Resource);
        Assert.Equal(
            [
                """level{__type__="gauge", instance="i-1", job="eu/shop"} 1@2000""",
                """requests_bytes_total{__type__="counter", __unit__="bytes", instance="i-1", job="eu/shop"} 5@2000""",
                """target_info{cpus="8", host_name="h", instance="i-1", job="eu/shop"} 1@2000""",
            ],
            stage.Samples());
    }

    [Fact]
    public async Task Target_info_tells_the_other_attributes_of_a_resource()
    {
        await using var stage = new OtlpStage();
        stage.Receive(Sum("2"), Resource);
        Assert.Equal(["""target_info{cpus="8", host_name="h", instance="i-1", job="eu/shop"} 1@2000"""], stage.Samples("target_info"));
        Assert.Equal(new MetricMetadata("gauge", "Target metadata", ""), stage.Store.Metadata["target_info"]);
    }

    [Fact]
    public async Task Target_info_is_repeated_at_half_the_lookback()
    {
        await using var stage = new OtlpStage(features: new OtlpFeatures { Lookback = TimeSpan.FromSeconds(4) });
        stage.Receive(Sum("1") + "," + Sum("6").Replace("requests", "others", StringComparison.Ordinal), Resource);
        Assert.Equal([1000L, 3000, 5000, 6000], stage.Samples("target_info").Select(line => long.Parse(line.Split('@')[1])));
    }

    [Fact]
    public async Task Resource_attributes_and_scopes_are_promoted_as_configured()
    {
        await using var stage = new OtlpStage(new OtlpOptions
        {
            PromoteAllResourceAttributes = true,
            IgnoreResourceAttributes = new HashSet<string> { "cpus", "service.name", "service.namespace", "service.instance.id" },
            PromoteScopeMetadata = true,
        });
        stage.Receive(Sum("2"), Resource);
        Assert.Equal(
            ["""requests_bytes_total{host_name="h", instance="i-1", job="eu/shop", otel_scope_a_b="true", otel_scope_name="lib", otel_scope_schema_url="http://schema", otel_scope_version="2"} 5@2000"""],
            stage.Samples("requests.*"));
    }

    [Fact]
    public async Task Attributes_that_become_one_label_are_joined()
    {
        await using var stage = new OtlpStage();
        stage.Receive(Sum("2", attributes: """{"key":"b.x","value":{"stringValue":"2"}},{"key":"b-x","value":{"stringValue":"1"}}"""));
        Assert.Equal(["""requests_bytes_total{b_x="1;2", job="shop"} 5@2000"""], stage.Samples());
    }

    [Fact]
    public async Task An_explicit_histogram_becomes_a_classic_one_with_its_exemplar_on_the_bucket()
    {
        await using var stage = new OtlpStage();
        stage.Receive(Histogram());
        Assert.Equal(
            [
                """latency_seconds_bucket{job="shop", le="+Inf"} 6@2000""", """latency_seconds_bucket{job="shop", le="0.5"} 1@2000""",
                """latency_seconds_bucket{job="shop", le="1"} 3@2000""", """latency_seconds_count{job="shop"} 6@2000""",
                """latency_seconds_sum{job="shop"} 7.5@2000""",
            ],
            stage.Samples());
        var exemplars = stage.Store.Exemplars(
            [[new LabelMatcher(MatchType.Equal, "__name__", "latency_seconds_bucket")]], 0, long.MaxValue, CancellationToken.None);
        var series = Assert.Single(exemplars);
        Assert.Equal("1", series.Labels["le"]);
        Assert.Equal("0102", Assert.Single(series.Exemplars).Labels["trace_id"]);
    }

    [Fact]
    public async Task An_explicit_histogram_becomes_a_native_one_where_configured()
    {
        await using var stage = new OtlpStage(new OtlpOptions { ConvertHistogramsToNhcb = true });
        stage.Receive(Histogram());
        Assert.Equal(["""latency_seconds{job="shop"} count=6 sum=7.5 schema=-53 spans=0:3 buckets=1,2,3@2000"""], stage.Samples());
    }

    [Theory]
    [InlineData(3, "count=7 sum=9 schema=3 spans=0:2,3:1 buckets=1,2,4@2000")]
    [InlineData(9, "count=7 sum=9 schema=8 spans=0:1,1:1 buckets=3,4@2000")]
    public async Task An_exponential_histogram_becomes_a_native_one_and_is_made_coarser_where_needed(int scale, string expected)
    {
        await using var stage = new OtlpStage();
        stage.Receive(Exponential(scale));
        Assert.Contains(expected.Split(" spans")[0], Assert.Single(stage.Samples()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_histogram_that_is_too_coarse_is_rejected_with_its_reason()
    {
        await using var stage = new OtlpStage();
        var outcome = stage.Receive(Exponential(-5));
        Assert.Equal((1, false), (outcome.Rejected, outcome.RefusedByStore));
        Assert.Contains("Scale must be >= -4, was -5", outcome.Reasons, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_point_without_a_value_ends_its_series()
    {
        await using var stage = new OtlpStage();
        stage.Receive("""{"name":"g","gauge":{"dataPoints":[{"timeUnixNano":"2000000000","flags":1}]}}""");
        Assert.Equal(["""g{job="shop"} stale@2000"""], stage.Samples());
    }

    [Fact]
    public async Task A_summary_has_its_quantiles()
    {
        await using var stage = new OtlpStage();
        stage.Receive("""{"name":"s","summary":{"dataPoints":[{"timeUnixNano":"2000000000","count":"3","sum":4.5,"quantileValues":[{"quantile":0.99,"value":2}]}]}}""");
        Assert.Equal(["""s{job="shop", quantile="0.99"} 2@2000""", """s_count{job="shop"} 3@2000""", """s_sum{job="shop"} 4.5@2000"""], stage.Samples());
    }

    [Fact]
    public async Task Deltas_are_rejected_and_what_stands_beside_them_is_stored()
    {
        await using var stage = new OtlpStage();
        var outcome = stage.Receive(Sum("2", temporality: 1) + "," + Histogram());
        Assert.Equal(1, outcome.Rejected);
        Assert.Contains("invalid temporality and type combination for metric \"requests\"", outcome.Reasons, StringComparison.Ordinal);
        Assert.Equal(5, stage.Samples().Count);
    }

    [Fact]
    public async Task Deltas_are_added_up_where_the_feature_is_on()
    {
        await using var stage = new OtlpStage(features: new OtlpFeatures { DeltaToCumulative = true });
        stage.Receive(Sum("1", temporality: 1));
        stage.Receive(Sum("2", temporality: 1));
        var late = stage.Receive(Sum("2", temporality: 1));
        Assert.Contains("out of order", late.Reasons, StringComparison.Ordinal);
        stage.Receive(Sum("3", temporality: 1));
        Assert.Equal([5, 10, 15], stage.Samples().Select(line => int.Parse(line.Split(' ')[1].Split('@')[0])));
    }

    [Fact]
    public async Task Deltas_are_stored_as_they_are_where_the_other_feature_is_on()
    {
        await using var stage = new OtlpStage(features: new OtlpFeatures { NativeDelta = true });
        stage.Receive(Sum("1", temporality: 1));
        stage.Receive(Sum("2", temporality: 1));
        Assert.Equal(2, stage.Samples().Count(line => line.Contains(" 5@", StringComparison.Ordinal)));
        Assert.Equal("unknown", stage.Store.Metadata["requests_bytes_total"].Type);
    }

    [Fact]
    public async Task Protobuf_and_json_mean_the_same()
    {
        await using var stage = new OtlpStage();
        stage.Receiver.ReceiveProtobuf(Protobuf());
        Assert.Equal(["""requests_bytes_total{a="x", job="shop"} 5@2000"""], stage.Samples());
    }

    [Fact]
    public async Task Json_may_have_the_names_of_the_protocol_and_of_its_enumerations()
    {
        await using var stage = new OtlpStage(new OtlpOptions { PromoteScopeMetadata = true });
        var outcome = stage.Receiver.ReceiveJson("""
            {"unknown": {"x": [1]}, "resource_metrics": [{
              "resource": {"attributes": [{"key": "service.name", "value": {"string_value": "shop"}}]},
              "scope_metrics": [{"schema_url": "http://schema", "scope": {
                "name": "lib", "attributes": [{"key": "name", "value": {"array_value": {"values": [{"int_value": "1"}]}}}]}, "metrics": [
                {"name": "sizes", "exponential_histogram": {"aggregation_temporality": "AGGREGATION_TEMPORALITY_CUMULATIVE", "data_points": [{
                  "start_time_unix_nano": 1000000000, "time_unix_nano": 2000000000, "count": 3, "sum": 4, "zero_count": "1",
                  "zero_threshold": 0.5, "scale": 0, "positive": {"offset": 0, "bucket_counts": ["2"]}}]}},
                {"name": "level", "gauge": {"data_points": [{"time_unix_nano": "2000000000", "as_double": "Infinity"}]}}]}]}]}
            """u8.ToArray());
        Assert.Equal("", outcome.Reasons);
        Assert.Equal(
            [
                """level{job="shop", otel_scope_name="lib", otel_scope_schema_url="http://schema"} +Inf@2000""",
                """sizes{job="shop", otel_scope_name="lib", otel_scope_schema_url="http://schema"} count=3 sum=4 schema=0 spans=1:1 buckets=2@2000""",
            ],
            stage.Samples());
    }

    [Fact]
    public async Task Every_beginning_of_a_request_is_refused_or_read_and_never_more()
    {
        await using var stage = new OtlpStage();
        var whole = Protobuf();
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                stage.Receiver.ReceiveProtobuf(whole.AsSpan(0, length));
            }
            catch (InvalidDataException)
            {
                // What a broken body is answered with.
            }
        }
        Assert.Throws<InvalidDataException>(() => stage.Receiver.ReceiveJson("{\"resourceMetrics\":[{"u8.ToArray()));
        Assert.Throws<InvalidDataException>(() => stage.Receiver.ReceiveJson("{\"resourceMetrics\":[7]}"u8.ToArray()));
    }

    [Fact]
    public async Task The_example_of_the_protocol_is_stored_whole()
    {
        var file = Conformance.Require("otlp", "opentelemetry-proto", "examples", "metrics.json");
        await using var stage = new OtlpStage(features: new OtlpFeatures { NativeDelta = true });
        var outcome = stage.Receiver.ReceiveJson(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal("", outcome.Reasons);
        Assert.Contains(stage.Samples(), line => line.StartsWith("my_counter_total{", StringComparison.Ordinal));
        Assert.Contains(stage.Samples(), line => line.StartsWith("my_exponential_histogram", StringComparison.Ordinal));
    }

    private static string Sum(string seconds, string attributes = "", int temporality = 2) => $$$"""
        {"name":"requests","description":"Help.","unit":"By","sum":{"isMonotonic":true,"aggregationTemporality":{{{temporality}}},"dataPoints":[
          {"startTimeUnixNano":"500000000","timeUnixNano":"{{{seconds}}}000000000","asInt":"5","attributes":[{{{attributes}}}]}]}}
        """;

    private static string Histogram() => """
        {"name":"latency","unit":"s","histogram":{"aggregationTemporality":2,"dataPoints":[
          {"timeUnixNano":"2000000000","count":"6","sum":7.5,"bucketCounts":["1","2","3"],"explicitBounds":[0.5,1],
           "exemplars":[{"timeUnixNano":"1900000000","asDouble":0.7,"traceId":"0102","spanId":"03"}]}]}}
        """;

    private static string Exponential(int scale) => $$$"""
        {"name":"e","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
          {"timeUnixNano":"2000000000","count":"7","sum":9,"scale":{{{scale}}},"zeroCount":"0","positive":{"offset":-1,"bucketCounts":["1","2","0","0","0","4"]}}]}}
        """;

    private static byte[] Protobuf()
    {
        var writer = new ProtobufWriter();
        var resource = writer.Begin(1);
        var attributes = writer.Begin(1);
        Attribute(writer, 1, "service.name", "shop");
        writer.End(attributes);
        var scope = writer.Begin(2);
        var metric = writer.Begin(2);
        writer.Text(1, "requests");
        writer.Text(3, "By");
        var sum = writer.Begin(7);
        var point = writer.Begin(1);
        Attribute(writer, 7, "a", "x");
        writer.DoubleEvenZero(3, BitConverter.UInt64BitsToDouble(2_000_000_000));
        writer.DoubleEvenZero(6, BitConverter.UInt64BitsToDouble(5));
        writer.End(point);
        writer.Int64(2, 2);
        writer.Int64(3, 1);
        writer.End(sum);
        writer.End(metric);
        writer.End(scope);
        writer.End(resource);
        return writer.Written.ToArray();
    }

    private static void Attribute(ProtobufWriter writer, int field, string key, string value)
    {
        var pair = writer.Begin(field);
        writer.Text(1, key);
        var any = writer.Begin(2);
        writer.Text(1, value);
        writer.End(any);
        writer.End(pair);
    }
}
