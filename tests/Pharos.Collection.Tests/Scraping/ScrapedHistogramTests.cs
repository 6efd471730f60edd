using System.Net;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;
using Pharos.Collection.Tests.Protobuf;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Scraping;

public sealed class ScrapedHistogramTests
{
    private const string H = """h{instance="t:80", job="j"}""";
    private const string Count = """h_count{instance="t:80", job="j"}""";
    private const string Up = """up{instance="t:80", job="j"}""";
    private const string Proto = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    [Fact]
    public async Task A_native_histogram_is_stored_with_exemplars_and_start_and_ends_with_a_marker_of_its_kind()
    {
        await using var stage = new ScrapeStage();
        var bodies = new Queue<byte[]>([Histogram(3, exemplarSeconds: 7), Histogram(5, exemplarSeconds: 7), []]);
        stage.Targets.Answer = _ => Answer(bodies.Dequeue());
        await stage.ApplyAsync(stage.Job() with { ScrapeNativeHistograms = true });
        await stage.PassAsync(30);

        Assert.Equal("schema=2 count=3 sum=1.5 +1:3|schema=2 count=5 sum=1.5 +1:5|stale", stage.Store.Histograms(H));
        Assert.Equal([100_000, 100_000], stage.Store.StartsOf(H));
        Assert.Equal(7000, Assert.Single(stage.Store.ExemplarsOf(H)).TimestampMs);
        Assert.Equal("", stage.Store.Values(Count));
        Assert.Equal("1 1 0", stage.Store.Values("""scrape_samples_scraped{instance="t:80", job="j"}"""));
        Assert.Equal("histogram", stage.Store.Metadata["h"].Type);
    }

    [Fact]
    public async Task A_histogram_that_contradicts_itself_fails_the_scrape_and_counts_as_scraped()
    {
        await using var stage = new ScrapeStage();
        var bad = new ProtoMessage().Varint(1, 9L).Signed(5, 0).Span(12, 1, 1).PackedSigned(13, 1);
        stage.Targets.Answer = _ => Answer(new ProtoMessage().Text(1, "h").Varint(3, 4L).Message(4, new ProtoMessage().Message(7, bad)).Delimited());
        await stage.ApplyAsync(stage.Job() with { ScrapeNativeHistograms = true });
        await stage.PassAsync(10);

        Assert.Equal("1 observations found in buckets, but the Count field is 9: histogram's observation count should equal the number of "
            + "observations found in the buckets (in absence of NaN)", stage.Collector.Snapshot().Active.Single().LastError);
        Assert.Equal("1", stage.Store.Values("""scrape_samples_scraped{instance="t:80", job="j"}"""));
        Assert.Equal("0", stage.Store.Values("""scrape_samples_post_metric_relabeling{instance="t:80", job="j"}"""));
    }

    [Fact]
    public async Task Without_the_option_only_the_classic_form_is_stored_and_a_label_of_the_target_overrides_it()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => Answer(Histogram(3));
        await stage.ApplyAsync(stage.Job("t:80", "u:80") with
        {
            RelabelRules =
            [
                new RelabelRule
                {
                    SourceLabels = ["__address__"], Regex = GoRegex.Anchored("u:80"),
                    TargetLabel = "__scrape_native_histograms__", Replacement = "true",
                },
            ],
        });
        await stage.PassAsync(10);

        Assert.Equal("3", stage.Store.Values(Count));
        Assert.Equal("", stage.Store.Histograms(H));
        Assert.Equal("schema=2 count=3 sum=1.5 +1:3", stage.Store.Histograms("""h{instance="u:80", job="j"}"""));
        var discovered = stage.Collector.Snapshot().Active.First().DiscoveredLabels;
        Assert.Equal("false", discovered["__scrape_native_histograms__"]);
        Assert.Equal("false", discovered["__always_scrape_classic_histograms__"]);
        Assert.Equal("false", discovered["__convert_classic_histograms_to_nhcb__"]);
    }

    [Fact]
    public async Task A_label_that_is_neither_true_nor_false_leaves_the_target_out()
    {
        await using var stage = new ScrapeStage();
        await stage.ApplyAsync(stage.Job() with
        {
            RelabelRules = [new RelabelRule { TargetLabel = "__convert_classic_histograms_to_nhcb__", Replacement = "maybe" }],
        });
        Assert.Empty(stage.Collector.Snapshot().Active);
        Assert.Contains(stage.Logger.Lines, line => line.Text.Contains(
            "error parsing __convert_classic_histograms_to_nhcb__: \"maybe\" is neither true nor false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Classic_histograms_of_the_text_formats_are_converted_where_the_job_says_so()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text(
            "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4\nh_count 3\nb 1\n");
        await stage.ApplyAsync(stage.Job() with { ConvertClassicHistograms = true });
        await stage.PassAsync(20);

        Assert.Equal("schema=-53 count=3 sum=4 +0:2 +1:1 bounds=1|schema=-53 count=3 sum=4 +0:2 +1:1 bounds=1", stage.Store.Histograms(H));
        Assert.Equal("", stage.Store.Values(Count));
        Assert.Equal("1 1", stage.Store.Values("""b{instance="t:80", job="j"}"""));
        Assert.Equal("2 0", stage.Store.Values("""scrape_series_added{instance="t:80", job="j"}"""));
    }

    [Theory]
    [InlineData(0, 0, "schema=2 count=4 sum=1.5 +1:1 +2:1 +3:1 +4:1", "1")]
    [InlineData(2, 0, "schema=1 count=4 sum=1.5 +1:2 +2:2", "1")]
    [InlineData(1, 0, "schema=0 count=4 sum=1.5 +1:4", "1")]
    [InlineData(0, 2, "schema=0 count=4 sum=1.5 +1:4", "1")]
    [InlineData(0, 1.4, "schema=1 count=4 sum=1.5 +1:2 +2:2", "1")]
    public async Task Resolution_is_lowered_to_what_the_job_allows(int buckets, double factor, string histogram, string up)
    {
        await using var stage = new ScrapeStage();
        var four = new ProtoMessage().Varint(1, 4L).Double(2, 1.5).Signed(5, 2).Span(12, 1, 4).PackedSigned(13, 1, 0, 0, 0);
        stage.Targets.Answer = _ => Answer(Family(four));
        await stage.ApplyAsync(stage.Job() with
        {
            ScrapeNativeHistograms = true,
            NativeHistogramBucketLimit = buckets,
            NativeHistogramMinBucketFactor = factor,
        });
        await stage.PassAsync(10);

        Assert.Equal(histogram, stage.Store.Histograms(H));
        Assert.Equal(up, stage.Store.Values(Up));
    }

    [Fact]
    public async Task A_histogram_with_more_buckets_than_any_resolution_can_save_fails_the_scrape()
    {
        await using var stage = new ScrapeStage();
        var wide = new ProtoMessage().Varint(1, 2L).Double(2, 1.5).Signed(5, 0).Span(12, -200, 1).Span(12, 400, 1).PackedSigned(13, 1, 0);
        stage.Targets.Answer = _ => Answer(Family(wide));
        await stage.ApplyAsync(stage.Job() with { ScrapeNativeHistograms = true, NativeHistogramBucketLimit = 1 });
        await stage.PassAsync(10);

        Assert.Equal("histogram bucket limit exceeded", stage.Collector.Snapshot().Active.Single().LastError);
        Assert.Equal("0", stage.Store.Values(Up));
        Assert.Equal("1", stage.Store.Values("""scrape_samples_post_metric_relabeling{instance="t:80", job="j"}"""));
    }

    private static HttpResponseMessage Answer(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", Proto);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static byte[] Histogram(long count, long exemplarSeconds = 0)
    {
        var histogram = new ProtoMessage().Varint(1, count).Double(2, 1.5).Signed(5, 2).Span(12, 1, 1).Signed(13, count)
            .Message(3, new ProtoMessage().Varint(1, count).Double(2, 1)).Message(15, new ProtoMessage().Varint(1, 100L));
        if (exemplarSeconds > 0)
        {
            histogram.Message(16, new ProtoMessage().Label(1, "trace_id", "abc").Double(2, 0.5)
                .Message(3, new ProtoMessage().Varint(1, exemplarSeconds)));
        }
        return Family(histogram);
    }

    private static byte[] Family(ProtoMessage histogram) =>
        new ProtoMessage().Text(1, "h").Varint(3, 4L).Message(4, new ProtoMessage().Message(7, histogram)).Delimited();
}
