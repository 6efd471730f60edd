using System.Globalization;
using Pharos.Collection.Receivers.Loki.Intake;

namespace Pharos.Collection.Tests.Receivers.Loki;

public sealed class PushLimitTests
{
    private const long NowNs = PushStage.NowNs;
    private const long Hour = 3_600_000_000_000;

    [Fact]
    public void What_is_good_in_a_partly_bad_push_is_stored_and_the_rest_is_named()
    {
        using var stage = new PushStage();
        var outcome = stage.Json(
            $$"""
            {"streams":[
              {"stream":{"job":"a"},"values":[["{{Text(NowNs - (8 * 24 * Hour))}}","old"],["{{Text(NowNs)}}","good"],["{{Text(NowNs + Hour)}}","new"]]},
              {"stream":{},"values":[["{{Text(NowNs)}}","x"],["{{Text(NowNs)}}","y"]]},
              {"stream":{"b d":"c"},"values":[["{{Text(NowNs)}}","z"]]}]}
            """);
        Assert.Equal("good", Assert.Single(stage.Store.Entries).Line);
        Assert.Equal((1, 5, 400), (outcome.Stored, outcome.Refused, outcome.Status));
        Assert.Equal(
            "entry for stream '{job=\"a\", service_name=\"a\"}' has timestamp too old: 2023-11-06T22:13:20Z, "
            + "oldest acceptable timestamp is: 2023-11-07T22:13:20Z; "
            + "entry for stream '{job=\"a\", service_name=\"a\"}' has timestamp too new: 2023-11-14T23:13:20Z; "
            + "error at least one label pair is required per stream; "
            + "error parsing labels '{\"b d\":\"c\"}' with error: invalid label name \"b d\"", outcome.Message);
        Assert.Equal(1, stage.Count("loki_discarded_samples_total:greater_than_max_sample_age"));
        Assert.Equal(1, stage.Count("loki_discarded_samples_total:too_far_in_future"));
        Assert.Equal(2, stage.Count("loki_discarded_samples_total:missing_labels"));
        Assert.Equal(1, stage.Count("loki_discarded_samples_total:invalid_labels"));
        Assert.Equal(2, stage.Count("loki_discarded_bytes_total:missing_labels"));
    }

    [Fact]
    public void The_same_refusal_of_many_lines_is_said_once_with_its_count()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { MaxLineBytes = 2 });
        var outcome = stage.Json(
            $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{Text(NowNs)}}","abc"],["{{Text(NowNs)}}","def"],["{{Text(NowNs)}}","ok"]]}]}""");
        Assert.Equal(
            "2 errors like: max entry size '2' bytes exceeded for stream '{job=\"a\", service_name=\"a\"}' "
            + "while adding an entry with length '3' bytes", outcome.Message);
        Assert.Equal(["def", "abc"], stage.Intake.Rejected.Snapshot("fake").Select(static line => line.Line));
        Assert.Empty(stage.Intake.Rejected.Snapshot("other"));
    }

    [Fact]
    public void A_line_that_is_too_long_is_cut_between_characters_where_the_tenant_wants_that()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { MaxLineBytes = 6, TruncateLines = true, TruncationMark = ".." });
        Assert.Equal(204, stage.Json(PushStage.One("abcééé")).Status);
        Assert.Equal("abc..", Assert.Single(stage.Store.Entries).Line);
    }

    [Theory]
    [InlineData("""{"a":"1","b":"2","c":"3"}""", "max_label_names_per_series", "entry for stream '{a=\"1\", b=\"2\", c=\"3\"}' has 3 label names; limit 2")]
    [InlineData("""{"abcdef":"1"}""", "label_name_too_long", "stream '{abcdef=\"1\"}' has label name too long: 'abcdef'")]
    [InlineData("""{"a":"123456"}""", "label_value_too_long", "stream '{a=\"123456\"}' has label value too long: '123456'")]
    [InlineData("""{"a":"1","a":"2"}""", "duplicate_label_names", "stream '{a=\"1\", a=\"2\"}' has duplicate label name: 'a'")]
    public void Labels_have_limits(string labels, string reason, string message)
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { MaxLabelNames = 2, MaxLabelNameLength = 5, MaxLabelValueLength = 5 });
        var outcome = stage.Json(PushStage.One("x", labels));
        Assert.Equal((400, message), (outcome.Status, outcome.Message));
        Assert.Equal(1, stage.Count($"loki_discarded_samples_total:{reason}"));
    }

    [Fact]
    public void A_stream_of_ten_thousand_labels_is_named_as_far_as_it_helps()
    {
        using var stage = new PushStage(LokiIngestLimits.Default);
        var labels = string.Join(',', Enumerable.Range(0, 10_000).Select(static i => $"\"l{i}\":\"v\""));
        var outcome = stage.Json(PushStage.One("x", $"{{{labels}}}"));
        Assert.StartsWith("entry for stream '{l0=\"v\", l1=\"v\"", outcome.Message, StringComparison.Ordinal);
        Assert.EndsWith("…' has 10000 label names; limit 15", outcome.Message, StringComparison.Ordinal);
        Assert.InRange(outcome.Message.Length, 0, 3000);
    }

    [Fact]
    public void The_service_name_takes_no_labels_place()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { MaxLabelNames = 1 });
        Assert.Equal(204, stage.Json(PushStage.One("x", """{"service_name":"s","b":"1"}""")).Status);
    }

    [Fact]
    public void Structured_metadata_has_limits()
    {
        string With(string metadata) => $$"""{"streams":[{"stream":{"a":"1"},"values":[["{{Text(NowNs)}}","x",{{metadata}}]]}]}""";
        using var few = new PushStage(LokiIngestLimits.Default with { MaxStructuredMetadataEntries = 1, MaxStructuredMetadataBytes = 10 });
        Assert.Contains("too many structured metadata labels: '2', limit: '1'", few.Json(With("""{"a":"1","b":"2"}""")).Message, StringComparison.Ordinal);
        var large = few.Json(With("""{"a":"0123456789"}"""));
        Assert.Contains("structured metadata too large: '11' bytes, limit: '10' bytes", large.Message, StringComparison.Ordinal);
        using var none = new PushStage(LokiIngestLimits.Default with { AllowStructuredMetadata = false });
        Assert.Equal(400, none.Json(With("""{"a":"1"}""")).Status);
        Assert.Equal(204, none.Json(PushStage.One("x")).Status);
        Assert.Equal(1, none.Count("loki_discarded_samples_total:disallowed_structured_metadata"));
        Assert.Empty(few.Store.Entries);
    }

    [Fact]
    public void A_tenant_that_sends_too_fast_is_refused_whole_until_its_bucket_has_filled()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { RateBytesPerSecond = 10, BurstBytes = 20 });
        Assert.Equal(204, stage.Json(PushStage.One(new string('x', 18))).Status);
        var outcome = stage.Json(PushStage.One(new string('y', 12)));
        Assert.Equal((0, 1, 429), (outcome.Stored, outcome.Refused, outcome.Status));
        Assert.StartsWith(
            "ingestion rate limit exceeded for user fake (limit: 10 bytes/sec) while attempting to ingest '1' lines totaling '12' bytes",
            outcome.Message, StringComparison.Ordinal);
        Assert.Equal(12, stage.Count("loki_discarded_bytes_total:rate_limited"));
        stage.Time.Step(stage.Time.GetUtcNow().AddSeconds(1));
        Assert.Equal(204, stage.Json(PushStage.One(new string('z', 12))).Status);
    }

    [Fact]
    public void A_stream_that_sends_too_fast_loses_its_own_lines_only()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { StreamRateBytesPerSecond = 1024, StreamBurstBytes = 10 });
        var outcome = stage.Json(
            $$"""
            {"streams":[{"stream":{"job":"a"},"values":[["{{Text(NowNs)}}","12345678"],["{{Text(NowNs)}}","abc"]]},
              {"stream":{"job":"b"},"values":[["{{Text(NowNs)}}","xyz"]]}]}
            """);
        Assert.Equal(429, outcome.Status);
        Assert.StartsWith(
            "Per stream rate limit exceeded (limit: 1KB/sec) while attempting to ingest for stream '{job=\"a\", service_name=\"a\"}' totaling 3B",
            outcome.Message, StringComparison.Ordinal);
        Assert.Equal(["12345678", "xyz"], stage.Store.Entries.Select(static entry => entry.Line));
    }

    [Fact]
    public void New_streams_are_refused_above_the_limit_and_known_ones_go_on()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { MaxActiveStreams = 1 });
        Assert.Equal(204, stage.Json(PushStage.One("x")).Status);
        var outcome = stage.Json(PushStage.One("x", """{"job":"b"}"""));
        Assert.Equal(429, outcome.Status);
        Assert.StartsWith(
            "maximum active stream limit exceeded when trying to create stream {job=\"b\", service_name=\"b\"}", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(204, stage.Json(PushStage.One("y")).Status);
        Assert.Equal(1, stage.Count("loki_discarded_samples_total:stream_limit"));
    }

    [Fact]
    public void Under_pressure_no_streams_are_made_and_known_ones_go_on()
    {
        var may = true;
        using var stage = new PushStage(mayCreateStreams: () => may);
        Assert.Equal(204, stage.Json(PushStage.One("x")).Status);
        may = false;
        Assert.Equal(503, stage.Json(PushStage.One("x", """{"job":"b"}""")).Status);
        Assert.Equal(204, stage.Json(PushStage.One("y")).Status);
    }

    [Fact]
    public void Of_every_reason_the_last_hundred_lines_are_kept()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { MaxLineBytes = 1 });
        for (var i = 0; i < 150; i++)
        {
            stage.Json(PushStage.One($"line {i}"));
        }
        stage.Json(PushStage.One("n", offsetNs: Hour));
        var kept = stage.Intake.Rejected.Snapshot("fake");
        Assert.Equal(101, kept.Count);
        Assert.Equal(("line 149", "line 50"), (kept[0].Line, kept[99].Line));
        Assert.Equal("too_far_in_future", kept[100].Rejection.Reason);
    }

    [Fact]
    public void All_refused_lines_are_counted_by_tenant_and_reason()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { MaxLineBytes = 3 });
        for (var i = 0; i < 150; i++)
        {
            stage.Json(PushStage.One("long"));
        }
        stage.Json(PushStage.One("n", offsetNs: Hour));
        var reasons = stage.Intake.Rejected.Reasons("fake");
        Assert.Equal(
            [("line_too_long", 150L, 600L, 100), ("too_far_in_future", 1L, 1L, 1)],
            reasons.Select(static reason => (reason.Reason, reason.Lines, reason.Bytes, reason.Last.Count)));
        Assert.Empty(stage.Intake.Rejected.Reasons("other"));
    }

    [Fact]
    public void Equal_times_of_a_stream_are_told_apart_where_the_tenant_wants_that()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { IncrementDuplicateTimestamps = true });
        stage.Json(
            $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{Text(NowNs)}}","a"],["{{Text(NowNs)}}","b"],["{{Text(NowNs)}}","c"]]}]}""");
        Assert.Equal([NowNs, NowNs + 1, NowNs], stage.Store.Entries.Select(static entry => entry.TimeNs));
    }

    [Fact]
    public void Labels_that_the_tenant_enforces()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { RequiredLabels = ["env", "app"] });
        Assert.Equal("missing required labels env,app for stream '{job=\"a\"}'", stage.Json(PushStage.One("x")).Message);
        Assert.Equal(204, stage.Json(PushStage.One("x", """{"env":"1","app":"2"}""")).Status);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
