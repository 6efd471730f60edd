using Pharos.Query.PromQL.Series;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL.Series;

public sealed class SeriesDescriptionTests
{
    [Theory]
    [InlineData("1 2 3", "1 2 3")]
    [InlineData("  -1 +2\t.5 1e3 Inf -Inf", "-1 2 0.5 1000 Infinity -Infinity")]
    [InlineData("1x2", "1 1 1")]
    [InlineData("0x3", "0 0 0 0")]
    [InlineData("1+2x3", "1 3 5 7")]
    [InlineData("1-2x3", "1 -1 -3 -5")]
    [InlineData("-2+0.5x1 7", "-2 -1.5 7")]
    [InlineData("_ 1 _x2 2", "_ 1 _ _ 2")]
    [InlineData("1e-1x1", "0.1 0.1")]
    [InlineData("5m", "300")]
    [InlineData("", "")]
    public void Numbers_and_gaps_unfold(string text, string expected) => Assert.Equal(expected,
        string.Join(' ', SeriesDescription.ParsePoints(text).Select(static point =>
            point.IsMissing ? "_" : point.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void The_word_stale_is_the_marker() =>
        Assert.All(SeriesDescription.ParsePoints("stale stalex1"), static point => Assert.True(StaleMarker.Is(point.Value)));

    [Fact]
    public void A_histogram_has_all_its_parts()
    {
        const string Text = "{{schema:1 sum:-0.3 count:32.1 z_bucket:7.1 z_bucket_w:0.05 counter_reset_hint:gauge "
            + "offset:-3 buckets:[5.1 10 7] n_offset:-5 n_buckets:[4.1 5]}}";

        var histogram = Assert.Single(SeriesDescription.ParsePoints(Text)).Histogram!;

        Assert.Equal((1, -0.3, 32.1, 7.1, 0.05, CounterResetHint.Gauge), (histogram.Schema, histogram.Sum, histogram.Count,
            histogram.ZeroCount, histogram.ZeroThreshold, histogram.ResetHint));
        Assert.Equal([new BucketSpan(-3, 3)], histogram.PositiveSpans);
        Assert.Equal([5.1, 10, 7], histogram.PositiveBuckets);
        Assert.Equal([new BucketSpan(-5, 2)], histogram.NegativeSpans);
        Assert.Equal([4.1, 5], histogram.NegativeBuckets);
    }

    [Fact]
    public void Histograms_repeat_and_grow()
    {
        var points = SeriesDescription.ParsePoints("{{}}x1 {{sum:3 count:2 buckets:[2]}}+{{sum:1.5 count:1 buckets:[1]}}x2");

        Assert.Equal([0, 0, 3, 4.5, 6], points.Select(static point => point.Value));
        Assert.Equal([2, 3, 4], points.Skip(2).Select(static point => point.Histogram!.PositiveBuckets[0]));
    }

    [Theory]
    [InlineData("up{job=\"a b\"} 1 2", "{__name__=\"up\", job=\"a b\"}", 2)]
    [InlineData("up 1", "{__name__=\"up\"}", 1)]
    [InlineData("{} 1", "{}", 1)]
    [InlineData("{\"a.b\", c=\"}\"} {{}} 1", "{__name__=\"a.b\", c=\"}\"}", 2)]
    [InlineData("up {{count:1}}", "{__name__=\"up\"}", 1)]
    public void Labels_come_before_the_points(string text, string labels, int count)
    {
        var series = SeriesDescription.Parse(text);

        Assert.Equal(labels, series.Labels.ToBracedText());
        Assert.Equal(count, series.Points.Count);
    }

    [Theory]
    [InlineData("up{job=\"a\"")]
    [InlineData("up{job!=\"a\"} 1")]
    [InlineData("up 1y2x")]
    [InlineData("up 1+2")]
    [InlineData("up 1+{{}}x2")]
    [InlineData("up x3")]
    [InlineData("up 1x99999999999")]
    [InlineData("up {{count:1")]
    [InlineData("up {{colour:1}}")]
    [InlineData("up {{count:1 count:2}}")]
    [InlineData("up {{schema:77}}")]
    [InlineData("up {{schema:2}}+{{schema:1}}x2")]
    public void What_is_not_in_the_notation_is_refused(string text) =>
        Assert.Throws<FormatException>(() => SeriesDescription.Parse(text));
}
