using System.Text;
using Pharos.Collection.Exposition;

namespace Pharos.Collection.Tests.Exposition;

public sealed class ClassicHistogramParserTests
{
    private static readonly HistogramReading Convert = new(Native: false, AlwaysClassic: false, ConvertClassic: true, StartTimes: false);

    private const string Body = """
        # TYPE a counter
        a 1
        # TYPE h histogram
        h_bucket{x="y",le="0.5"} 1
        h_bucket{x="y",le="1"} 3
        h_bucket{x="y",le="+Inf"} 4
        h_sum{x="y"} 2.5
        h_count{x="y"} 4
        h_bucket{x="z",le="+Inf"} 2
        h_count{x="z"} 2
        h_sum{x="z"} 7
        # TYPE b gauge
        b 2

        """;

    [Fact]
    public void The_series_of_a_classic_histogram_become_one_with_custom_buckets()
    {
        var exposed = Exposed.Read(Body, ExpositionFormat.PrometheusText, Convert);
        Assert.Null(exposed.Fault);
        Assert.Equal(
        [
            "TYPE a counter", "a 1", "TYPE h histogram",
            "h{x=\"y\"} {schema=-53 count=4 sum=2.5 +0:1 +1:2 +2:1 bounds=0.5,1}",
            "h{x=\"z\"} {schema=-53 count=2 sum=7 +0:2}",
            "TYPE b gauge", "b 2",
        ], exposed.Lines);
    }

    [Fact]
    public void The_classic_series_stay_where_they_are_wanted_too()
    {
        var exposed = Exposed.Read(Body, ExpositionFormat.PrometheusText, Convert with { AlwaysClassic = true });
        Assert.Equal(8, exposed.Lines.Count(line => line.StartsWith("h_", StringComparison.Ordinal)));
        Assert.Equal(2, exposed.Lines.Count(line => line.StartsWith("h{", StringComparison.Ordinal)));
        // A histogram is known to be whole only when the next series has come.
        Assert.Equal("h{x=\"z\"} {schema=-53 count=2 sum=7 +0:2}", exposed.Lines[^3]);
    }

    [Theory]
    [InlineData("h_bucket{le=\"1\"} 3\nh_bucket{le=\"2\"} 2\nh_count 3\nh_sum 1\n", "falls")]
    [InlineData("h_bucket{le=\"+Inf\"} 3\nh_count 4\nh_sum 1\n", "the count says otherwise")]
    [InlineData("h_bucket{le=\"1\"} -3\nh_count 4\nh_sum 1\n", "is negative")]
    public void Series_that_contradict_each_other_make_no_histogram(string series, string why)
    {
        var exposed = Exposed.Read("# TYPE h histogram\n" + series, ExpositionFormat.PrometheusText, Convert);
        Assert.True(exposed.Lines is ["TYPE h histogram"], why);
    }

    [Theory]
    [InlineData("h_bucket{le=\"1\"} 1.5\nh_count 2.5\nh_sum 1\n", "h {schema=-53 count=2.5 sum=1 +0:1.5 +1:1 bounds=1 float}")]
    [InlineData("h_bucket{le=\"2\"} 2\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 5\n", "h {schema=-53 count=2 sum=0 +0:1 +1:1 bounds=1,2}")]
    [InlineData("h_count 3\n", "h {schema=-53 count=3 sum=0 +0:3}")]
    [InlineData("h_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 1\nh_bucket{le=\"3\"} 1\nh_bucket{le=\"4\"} 1\nh_bucket{le=\"5\"} 2\n",
        "h {schema=-53 count=2 sum=0 +0:1 +4:1 bounds=1,2,3,4,5}")]
    public void Incomplete_and_unordered_histograms_are_completed(string series, string line)
    {
        var exposed = Exposed.Read("# TYPE h histogram\n" + series, ExpositionFormat.PrometheusText, Convert);
        Assert.Equal(["TYPE h histogram", line], exposed.Lines);
    }

    [Fact]
    public void Exemplars_and_start_times_come_with_the_histogram()
    {
        var exposed = Exposed.Read(
            "# TYPE h histogram\nh_bucket{le=\"1.0\"} 1 # {t=\"a\"} 0.5 1\nh_bucket{le=\"+Inf\"} 2 # {t=\"b\"} 9\nh_count 2\nh_sum 9.5\n"
            + "h_created 100\n# EOF\n",
            ExpositionFormat.OpenMetrics, Convert with { StartTimes = true });
        Assert.Equal(
        [
            "TYPE h histogram",
            "h {schema=-53 count=2 sum=9.5 +0:1 +1:1 bounds=1} since 100000 # {t=\"a\"} 0.5 1000 # {t=\"b\"} 9",
        ], exposed.Lines);
    }

    [Fact]
    public void Other_families_with_such_names_are_left_alone()
    {
        var exposed = Exposed.Read(
            "# TYPE h histogram\ng_count 3\nh_other 1\nh_bucket 3\nh_bucket{le=\"x\"} 3\n# TYPE s summary\ns_count 1\n",
            ExpositionFormat.PrometheusText, Convert);
        Assert.Equal(["TYPE h histogram", "g_count 3", "h_other 1", "h_bucket 3", "h_bucket{le=\"x\"} 3", "TYPE s summary", "s_count 1"],
            exposed.Lines);
    }

    [Theory]
    [InlineData("alltypes.237mfs.prom.txt", ExpositionFormat.PrometheusText)]
    [InlineData("1histogram.om.txt", ExpositionFormat.OpenMetrics)]
    [InlineData("alltypes.5mfs.om.txt", ExpositionFormat.OpenMetrics)]
    public void Every_histogram_of_Prometheus_own_corpora_is_converted(string file, ExpositionFormat format)
    {
        var body = File.ReadAllText(Conformance.Require("prometheus", "model", "textparse", "testdata", file));
        body += format == ExpositionFormat.OpenMetrics && !body.Contains("# EOF", StringComparison.Ordinal) ? "# EOF\n" : "";
        var classic = Exposed.Read(body, format);
        var converted = Exposed.Read(Encoding.UTF8.GetBytes(body), format, Convert);
        Assert.Null(converted.Fault);
        var histograms = 0;
        var inHistogram = false;
        foreach (var line in classic.Lines)
        {
            inHistogram = line.StartsWith("TYPE ", StringComparison.Ordinal)
                ? line.EndsWith(" histogram", StringComparison.Ordinal) : inHistogram;
            histograms += inHistogram && line.Contains("_count", StringComparison.Ordinal) && !line.StartsWith("TYPE", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.Equal(histograms, converted.Lines.Count(line => line.Contains("{schema=-53", StringComparison.Ordinal)));
    }
}
