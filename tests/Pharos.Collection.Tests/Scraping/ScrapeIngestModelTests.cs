using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using CsCheck;
using Pharos.Collection.Exposition;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;
using Pharos.Collection.Scraping.Ingest;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Scraping;

/// <summary>Scrapes of a target whose cache is warm store what scrapes without any cache store, and the markers that a look at two bodies
/// tells.</summary>
public sealed class ScrapeIngestModelTests
{
    private static readonly Uri Url = new("http://t:80/metrics");
    private static readonly LabelSet TargetLabels = LabelSet.From([("instance", "t:80"), ("job", "j")]);
    private static readonly long StartMs = ScrapeStage.Start.ToUnixTimeMilliseconds();

    /// <summary>Names that begin alike, with and without labels; values with escapes; the same series in another writing.</summary>
    private static readonly string[] Texts =
    [
        "a", "a_b", "a{}", "a{x=\"1\"}", "a{x=\"1\",y=\"2\"}", "a{y=\"2\",x=\"1\"}", "a{x=\"1\",}", "a{x=\"\\\"}\"}", "a{x=\"} 1\"}", "a{x=\"é\\n\"}",
        "ab{instance=\"other\"}", "ab{exported_instance=\"x\",instance=\"y\"}", "a{x=\"11\"}", "{\"a b\",x=\"1\"}", "drop", "drop{x=\"1\"}",
        "m{s=\"a\"}", "m{s=\"b\"}", "m{s=\"c\"}", "m{s=\"d\"}", "m{s=\"e\"}", "m{s=\"f\"}",
    ];

    private static readonly string[] Values =
        ["0", "1", "-0", "2.5", "1e3", "1.7958836404567e+09", "12345678901234567890", "0.1", "NaN", "+Inf", "-Inf", "1e-400", "3.0000000000000001"];

    private static readonly Gen<string> Series = Gen.Select(
        OneOf(Texts), OneOf(Values), Gen.Frequency((12, Gen.Const(0)), (1, Gen.Int[1, 3])),
        (text, value, time) => $"{text} {value}" + (time == 0 ? "" : " " + (StartMs - (time * 1000)).ToString(CultureInfo.InvariantCulture)));

    private static readonly Gen<string> Line = Gen.Frequency(
        (60, Series),
        (2, Series.Select(line => line.Replace(" ", "  ", StringComparison.Ordinal))),
        (3, OneOf("# TYPE a counter", "# TYPE a gauge", "# HELP a Some \\\\ help.", "# HELP a Other.", "# a comment", "")));

    /// <summary>Bodies that follow each other: lines change, come, go and move, and most stay.</summary>
    private static readonly Gen<List<string[]>> Bodies = Gen.Select(
        Line.Array[0, 30], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40], Line).Array[0, 60], Gen.Int[0, 8], (first, changes, perBody) =>
        {
            List<string[]> bodies = [first];
            List<string> lines = [.. first];
            for (var i = 0; i < changes.Length; i++)
            {
                var (kind, at, line) = changes[i];
                at = Math.Min(at, lines.Count);
                if (kind <= 2 || at == lines.Count)
                {
                    lines.Insert(at, line);
                }
                else if (kind == 3)
                {
                    lines.RemoveAt(at);
                }
                else
                {
                    (lines[at], lines[0]) = kind == 4 ? (line, lines[0]) : (lines[0], lines[at]);
                }
                if (i % (perBody + 1) == 0)
                {
                    bodies.Add([.. lines]);
                }
            }
            return bodies;
        });

    [Fact]
    public void Prometheus_text_is_stored_as_without_a_cache() => Bodies.Sample(bodies => Check(bodies, ExpositionFormat.PrometheusText, ""));

    [Fact]
    public void OpenMetrics_is_stored_as_without_a_cache() => Bodies.Sample(bodies => Check(
        [.. bodies.Select(static body => body.Where(static line => line is not ("" or "# a comment"))
            .Select(static line => line.Replace("  ", " ", StringComparison.Ordinal)).ToArray())],
        ExpositionFormat.OpenMetrics, "# EOF\n"));

    [Fact]
    public void Where_much_is_new_among_the_old_the_order_is_learned_anew()
    {
        static string[] Body(int step) => [.. Enumerable.Range(0, 300).Where(i => i % step == 0).Select(static i => $"m{{s=\"{i}\"}} {i}")];
        Check([Body(4), Body(4), Body(2), Body(2), Body(2), Body(1), Body(1), Body(3), Body(3), Body(3), Body(1)], ExpositionFormat.PrometheusText, "");
    }

    private static void Check(List<string[]> bodies, ExpositionFormat format, string end)
    {
        using var meter = new Meter("test");
        var (cached, plain) = (new FakeMetricStore(), new FakeMetricStore());
        var ingest = Ingest(cached, meter);
        HashSet<LabelSet> before = [];
        for (var i = 0; i < bodies.Count; i++)
        {
            var body = Encoding.UTF8.GetBytes(string.Concat(bodies[i].Select(static line => line + "\n")) + end);
            var nowMs = StartMs + ((i + 1) * 10_000L);
            using var scrape = cached.Appender();
            var result = ingest.Accept(scrape, body, format, nowMs);
            scrape.Commit();

            var alone = new FakeMetricStore();
            using (var all = alone.Appender())
            {
                Ingest(alone, meter).Accept(all, body, format, nowMs);
                all.Commit();
            }
            HashSet<LabelSet> now = [.. alone.All().Where(entry => entry.Samples.Any(sample => sample.TimestampMs == nowMs)).Select(static entry => entry.Labels)];
            using var batch = plain.Appender();
            var expected = Ingest(plain, meter).Accept(batch, body, format, nowMs);
            batch.Commit();
            using var markers = plain.Appender();
            foreach (var ended in before.Except(now))
            {
                var reference = 0UL;
                markers.Append(ref reference, ended, nowMs, StaleMarker.Value);
            }
            markers.Commit();
            before = now;
            Assert.Equal((expected.Scraped, expected.AfterRelabeling, null), (result.Scraped, result.AfterRelabeling, result.Error));
        }
        Assert.Equal(Show(plain), Show(cached));
    }

    private static ScrapeIngest Ingest(FakeMetricStore store, Meter meter)
    {
        var job = new ScrapeJobOptions
        {
            JobName = "j",
            ScrapeInterval = TimeSpan.FromSeconds(10),
            ScrapeTimeout = TimeSpan.FromSeconds(5),
            Discoveries = [],
            CreateHttpClient = static () => throw new NotSupportedException(),
            MetricRelabelRules = [new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__name__"], Regex = GoRegex.Anchored("drop") }],
        };
        var target = new ScrapeTarget(TargetLabels, TargetLabels, Url, "t:80") { Interval = job.ScrapeInterval, Timeout = job.ScrapeTimeout };
        var context = new CollectorContext(store, new FakeTimeProvider(ScrapeStage.Start), new ListLogger(), new CollectionMetrics(meter), new CollectorOptions());
        return new ScrapeIngest(job, target, new TargetMetadata(store), context);
    }

    private static string Show(FakeMetricStore store) => string.Join('\n', store.All().Select(static entry =>
        $"{entry.Labels} {string.Join(' ', entry.Samples.Select(static sample => $"{sample.TimestampMs}:{BitConverter.DoubleToInt64Bits(sample.Value):x}"))}")
        .Order(StringComparer.Ordinal));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);
}
