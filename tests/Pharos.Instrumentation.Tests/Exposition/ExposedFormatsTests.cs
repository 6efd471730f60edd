using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pharos.Collection.Exposition;
using Pharos.Collection.Exposition.Families;
using Pharos.Instrumentation.Exposition;
using Pharos.Storage.Histograms;
using Format = Pharos.Instrumentation.Exposition.ExpositionFormat;

namespace Pharos.Instrumentation.Tests.Exposition;

[Collection(OneAtATime.Name)]
public sealed class ExposedFormatsTests : IDisposable
{
    private readonly Meter _meter = new("formats");
    private readonly PrometheusExporter _exporter;
    private readonly Histogram<double> _histogram;
    private readonly Spans _spans = new("formats");
    private readonly ActivitySource _source = new("formats");

    public ExposedFormatsTests()
    {
        _exporter = new PrometheusExporter(new PrometheusExporterOptions { Meters = [_meter], Time = FixedTime.At });
        _histogram = _meter.CreateHistogram("rpc.duration", "s", "How \"long\"", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2] });
    }

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
        _source.Dispose();
        _spans.Dispose();
    }

    [Fact]
    public void OpenMetrics_is_exact_with_exemplars_of_the_current_trace()
    {
        _meter.CreateCounter<long>("jobs", null, "Jobs").Add(3, new KeyValuePair<string, object?>("kind", "a"));
        _histogram.Record(0.25);
        string trace, span;
        using (var activity = _source.StartActivity("work")!)
        {
            (trace, span) = (activity.TraceId.ToHexString(), activity.SpanId.ToHexString());
            _histogram.Record(1.5);
        }
        Assert.Equal($$"""
            # TYPE jobs counter
            # HELP jobs Jobs
            jobs_total{kind="a"} 3
            # TYPE rpc_duration_seconds histogram
            # UNIT rpc_duration_seconds seconds
            # HELP rpc_duration_seconds How \"long\"
            rpc_duration_seconds_bucket{le="0.5"} 1
            rpc_duration_seconds_bucket{le="1.0"} 1
            rpc_duration_seconds_bucket{le="2.0"} 2 # {trace_id="{{trace}}",span_id="{{span}}"} 1.5 1700000000.250
            rpc_duration_seconds_bucket{le="+Inf"} 2
            rpc_duration_seconds_sum 1.75
            rpc_duration_seconds_count 2
            # EOF

            """, _exporter.Render(Format.OpenMetrics));
    }

    [Fact]
    public void A_trace_that_nobody_keeps_is_no_exemplar()
    {
        using var unsampled = new Spans("formats-off", ActivitySamplingResult.PropagationData);
        using var source = new ActivitySource("formats-off");
        using (source.StartActivity("work"))
        {
            _histogram.Record(1.5);
        }
        Assert.DoesNotContain("trace_id", _exporter.Render(Format.OpenMetrics), StringComparison.Ordinal);
    }

    [Fact]
    public void Pharos_own_parser_reads_openmetrics_and_its_exemplars()
    {
        using (_source.StartActivity("work"))
        {
            _histogram.Record(1.5, new KeyValuePair<string, object?>("path", "a\"b\\c\nd"));
        }
        var parser = new ExpositionParser(Bytes(Format.OpenMetrics), Collection.Exposition.ExpositionFormat.OpenMetrics);
        var exemplars = 0;
        var series = 0;
        var labels = new ExposedLabels();
        ExpositionEntry entry;
        while ((entry = parser.Next()) is not (ExpositionEntry.End or ExpositionEntry.Fault))
        {
            if (entry == ExpositionEntry.Series)
            {
                series++;
                parser.ReadLabels(labels);
                Assert.Contains(labels.Labels, label => label.Name == "path" && label.Value == "a\"b\\c\nd");
                exemplars += parser.NextExemplar(new ExposedExemplar()) ? 1 : 0;
            }
        }
        Assert.Null(parser.Fault);
        Assert.Equal((6, 1), (series, exemplars));
    }

    [Fact]
    public void Protobuf_carries_a_native_histogram_whose_buckets_are_right()
    {
        double[] values = [0, 0.5, 0.51, 1, 1.09, 1.1, 8, 8, 1000, -2, double.NaN, double.PositiveInfinity];
        foreach (var value in values)
        {
            _histogram.Record(value);
        }
        var histogram = ReadNative();
        Assert.Equal(3, histogram.Schema);
        Assert.Equal(1, histogram.ZeroCount);
        Assert.Equal(values.Length, histogram.Count);
        // By hand: bucket i holds (2^((i-1)/8), 2^(i/8)].
        var expected = new Dictionary<int, double>();
        foreach (var value in values.Where(value => value > 0 && double.IsFinite(value)))
        {
            var bucket = (int)Math.Ceiling(Math.Round(Math.Log2(value) * 8, 9));
            expected[bucket] = expected.GetValueOrDefault(bucket) + 1;
        }
        Assert.Equal(expected.OrderBy(pair => pair.Key), Unroll(histogram.PositiveSpans, histogram.PositiveBuckets).OrderBy(pair => pair.Key));
        Assert.Equal([new(8, 1)], Unroll(histogram.NegativeSpans, histogram.NegativeBuckets));
    }

    [Fact]
    public void A_wide_range_makes_a_native_histogram_coarser_and_loses_nothing()
    {
        for (var i = -60; i < 60; i++)
        {
            _histogram.Record(Math.Pow(2, i));
        }
        var histogram = ReadNative();
        // 120 doublings in at most 160 buckets: one for each doubling is the finest that fits.
        Assert.Equal(0, histogram.Schema);
        Assert.Equal(Enumerable.Range(-60, 120).Select(i => new KeyValuePair<int, double>(i, 1)),
            Unroll(histogram.PositiveSpans, histogram.PositiveBuckets).OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Promtool_finds_nothing_wrong_with_the_twelve_metrics_names_of_type_counter_and_histogram()
    {
        const string Promtool = "/usr/bin/promtool";
        Assert.SkipUnless(File.Exists(Promtool), "this machine has no promtool");
        _meter.CreateCounter<long>("progressive_agent_errors_total", null, "Errors").Add(1);
        _histogram.Record(1);
        using var process = Process.Start(new ProcessStartInfo(Promtool, "check metrics")
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.StandardInput.Write(_exporter.Render());
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }

    [Theory]
    [InlineData(Format.Text)]
    [InlineData(Format.OpenMetrics)]
    [InlineData(Format.Protobuf)]
    public void A_scrape_allocates_nothing_for_a_series(Format format)
    {
        var labelled = _meter.CreateCounter<long>("wide");
        using (_source.StartActivity("work"))
        {
            for (var i = 0; i < 1500; i++)
            {
                labelled.Add(i, new KeyValuePair<string, object?>("id", i));
                _histogram.Record(i / 100d, new KeyValuePair<string, object?>("id", i));
            }
        }
        var output = new ArrayBufferWriter<byte>(8 << 20);
        long Cost()
        {
            output.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _exporter.WriteTo(output, format);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        for (var i = 0; i < 3; i++)
        {
            Cost();
        }
        Assert.True(output.WrittenCount > 100_000);
        var cost = Cost();
        Assert.True(cost < 1024, $"3000 series cost {cost} bytes");
    }

    [Fact]
    public void Measuring_a_known_series_allocates_nothing()
    {
        void Measure()
        {
            _histogram.Record(0.7, new("method", "GET"), new("route", "/a"), new("tier", "web"));
        }
        using (_source.StartActivity("work"))
        {
            for (var i = 0; i < 100; i++)
            {
                Measure();
            }
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                Measure();
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000, "less than a byte for each measurement");
        }
    }

    private byte[] Bytes(Format format)
    {
        var output = new ArrayBufferWriter<byte>();
        _exporter.WriteTo(output, format);
        return output.WrittenSpan.ToArray();
    }

    private NativeHistogram ReadNative()
    {
        var parser = new MetricFamilyParser(Bytes(Format.Protobuf), new HistogramReading(true, false, false, false), new ExpositionScratch());
        NativeHistogram? histogram = null;
        ExpositionEntry entry;
        while ((entry = parser.Next()) is not (ExpositionEntry.End or ExpositionEntry.Fault))
        {
            histogram = entry == ExpositionEntry.Histogram ? parser.ReadHistogram() : histogram;
        }
        Assert.Null(parser.Fault);
        return histogram ?? throw new InvalidDataException("no native histogram");
    }

    private static Dictionary<int, double> Unroll(IEnumerable<BucketSpan> spans, IReadOnlyList<double> counts)
    {
        var buckets = new Dictionary<int, double>();
        var (at, bucket) = (0, 0);
        foreach (var span in spans)
        {
            bucket += span.Offset;
            for (var i = 0; i < span.Length; i++, bucket++, at++)
            {
                if (counts[at] > 0)
                {
                    buckets[bucket] = counts[at];
                }
            }
        }
        return buckets;
    }
}
