using System.Text.Json;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;

namespace Pharos.Collection.Tests.Scraping;

/// <summary>Exemplars, start times, names, and what a scrape reports of itself.</summary>
public sealed class ScrapeDetailTests
{
    private const string Total = """c_total{instance="t:80", job="j"}""";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";

    [Fact]
    public async Task Exemplars_are_stored_once_with_their_own_time_or_the_scrape_s()
    {
        await using var stage = new ScrapeStage();
        var bodies = new Queue<string>(
        [
            "c_total 1 # {trace_id=\"a\"} 0.5 100\n# EOF\n", "c_total 2 # {trace_id=\"a\"} 0.5 100\n# EOF\n",
            "c_total 3 # {trace_id=\"b\"} 1\n# EOF\n",
        ]);
        stage.Targets.Answer = _ => FakeTargets.Text(bodies.Dequeue(), OpenMetrics);
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(30);

        var exemplars = stage.Store.ExemplarsOf(Total);
        Assert.Equal(["{trace_id=\"a\"}", "{trace_id=\"b\"}"], exemplars.Select(exemplar => exemplar.Labels.ToString()));
        Assert.Equal([100_000, stage.Store.Of(Total)[2].TimestampMs], exemplars.Select(exemplar => exemplar.TimestampMs));
    }

    [Theory]
    [InlineData(false, false, "1", "5")]
    [InlineData(true, false, "1", "")]
    [InlineData(false, true, "0 1", "")]
    public async Task Created_series_are_series_unless_start_times_are_wanted(
        bool store, bool zero, string total, string created)
    {
        await using var stage = new ScrapeStage(new CollectorOptions { StoreStartTimes = store, IngestZeroAtStart = zero });
        stage.Targets.Answer = _ => FakeTargets.Text("# TYPE c counter\nc_total 1\nc_created 5\n# EOF\n", OpenMetrics);
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);

        Assert.Equal(total, stage.Store.Values(Total));
        Assert.Equal(created, stage.Store.Values("""c_created{instance="t:80", job="j"}"""));
        Assert.Equal(store || zero ? [5000] : [], stage.Store.StartsOf(Total));
        Assert.True(!zero || stage.Store.Of(Total)[0].TimestampMs == 5000);
    }

    [Fact]
    public async Task Type_and_unit_become_labels_where_the_feature_is_on()
    {
        await using var stage = new ScrapeStage(new CollectorOptions { TypeAndUnitLabels = true });
        var bodies = new Queue<string>(
        [
            "# TYPE c counter\nc_total{__type__=\"mine\"} 1\n# TYPE s_seconds gauge\n# UNIT s_seconds seconds\ns_seconds 2\n# TYPE u unknown\nu 3\n",
            "# TYPE c counter\nc_total 4\n# TYPE s_seconds unknown\n# UNIT s_seconds seconds\ns_seconds 5\n# TYPE u gauge\nu 6\n",
        ]);
        stage.Targets.Answer = _ => FakeTargets.Text((bodies.Count > 1 ? bodies.Dequeue() : bodies.Peek()) + "# EOF\n", OpenMetrics);
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(20);

        Assert.StartsWith("1 4", stage.Store.Values("""c_total{__type__="counter", instance="t:80", job="j"}"""), StringComparison.Ordinal);
        Assert.Equal("2 stale", stage.Store.Values("""s_seconds{__type__="gauge", __unit__="seconds", instance="t:80", job="j"}"""));
        Assert.StartsWith("5", stage.Store.Values("""s_seconds{__unit__="seconds", instance="t:80", job="j"}"""), StringComparison.Ordinal);
        Assert.Equal("3 stale", stage.Store.Values("""u{instance="t:80", job="j"}"""));
        Assert.StartsWith("6", stage.Store.Values("""u{__type__="gauge", instance="t:80", job="j"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zero_is_stored_once_for_each_start()
    {
        await using var stage = new ScrapeStage(new CollectorOptions { IngestZeroAtStart = true });
        var later = ScrapeStage.Start.AddSeconds(15).ToUnixTimeSeconds();
        var bodies = new Queue<string>(["c_total 1\nc_created 5\n", "c_total 2\nc_created 5\n", $"c_total 1\nc_created {later}\n"]);
        stage.Targets.Answer = _ => FakeTargets.Text($"# TYPE c counter\n{bodies.Dequeue()}# EOF\n", OpenMetrics);
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(30);

        Assert.StartsWith("0 1 2", stage.Store.Values(Total), StringComparison.Ordinal);
        Assert.EndsWith("1", stage.Store.Values(Total), StringComparison.Ordinal);
        Assert.InRange(stage.Store.Of(Total).Count, 4, 5);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "invalid metric name or label names: {__name__=\"a.b\", \"c.d\"=\"e\", instance=\"t:80\", job=\"j\"}")]
    public async Task Names_outside_the_old_rules_are_stored_unless_the_job_keeps_to_them(bool legacy, string error)
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("{\"a.b\",\"c.d\"=\"e\"} 1\n");
        await stage.ApplyAsync(stage.Job() with { LegacyNames = legacy, NameEscaping = NameEscaping.Dots });
        await stage.PassAsync(10);

        Assert.Equal(error, stage.Collector.Snapshot().Active.Single().LastError);
        Assert.Contains(stage.Targets.Requests, request =>
            request.Headers.NonValidated["Accept"].ToString().Contains("version=1.0.0;escaping=dots", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(20, "-1")]
    [InlineData(0, "26")]
    public async Task The_extra_series_say_how_large_the_body_was(long limit, string size)
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\nb 2\nc 3\n# comment 4\n\n\n");
        await stage.ApplyAsync(stage.Job() with { ExtraScrapeMetrics = true, BodySizeLimitBytes = limit, SampleLimit = 9 });
        await stage.PassAsync(10);

        Assert.Equal(size, stage.Store.Values("""scrape_body_size_bytes{instance="t:80", job="j"}"""));
        Assert.Equal("5", stage.Store.Values("""scrape_timeout_seconds{instance="t:80", job="j"}"""));
        Assert.Equal("9", stage.Store.Values("""scrape_sample_limit{instance="t:80", job="j"}"""));
    }

    [Fact]
    public async Task Failed_scrapes_are_lines_in_the_file_that_the_job_names()
    {
        await using var stage = new ScrapeStage();
        var file = Path.Combine(Directory.CreateTempSubdirectory("pharos-failures").FullName, "failures.log");
        stage.Targets.Answer = _ => FakeTargets.Text("a b\n");
        await stage.ApplyAsync(stage.Job() with { ScrapeFailureLogFile = file });
        await stage.PassAsync(20);

        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(2, lines.Length);
        using var line = JsonDocument.Parse(lines[0]);
        Assert.Equal("j", line.RootElement.GetProperty("job_name").GetString());
        Assert.Equal("http://t:80/metrics", line.RootElement.GetProperty("target").GetString());
        Assert.Equal("strconv.ParseFloat: parsing \"b\": invalid syntax while parsing: \"a b\"", line.RootElement.GetProperty("msg").GetString());
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task A_target_with_a_socket_is_scraped_through_it()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        var sockets = new List<string>();
        await stage.ApplyAsync(stage.Job() with
        {
            RelabelRules = [new RelabelRule { TargetLabel = "__unix_socket__", Replacement = "/run/x.sock" }],
            CreateUnixSocketClient = socket =>
            {
                sockets.Add(socket);
                return new HttpClient(stage.Targets, disposeHandler: false);
            },
        });
        await stage.PassAsync(10);

        Assert.Equal(["/run/x.sock"], sockets);
        Assert.Equal("1", stage.Store.Values("""a{instance="t:80", job="j"}"""));
    }
}
