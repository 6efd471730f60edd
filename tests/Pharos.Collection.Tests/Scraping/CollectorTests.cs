using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Scraping;

public sealed class CollectorTests
{
    private const string Up = """up{instance="t:80", job="j"}""";
    private const string A = """a{instance="t:80", job="j"}""";

    [Fact]
    public async Task A_scrape_writes_samples_and_the_automatic_series_at_one_time()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("# TYPE a counter\n# HELP a All.\na 1\nb{x=\"y\"} 2\n");
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);

        Assert.Equal("1", stage.Store.Values(A));
        Assert.Equal("2", stage.Store.Values("""b{instance="t:80", job="j", x="y"}"""));
        Assert.Equal("1", stage.Store.Values(Up));
        Assert.Equal("2", stage.Store.Values("""scrape_samples_scraped{instance="t:80", job="j"}"""));
        Assert.Equal("2", stage.Store.Values("""scrape_series_added{instance="t:80", job="j"}"""));
        Assert.Equal("2", stage.Store.Values("""scrape_samples_post_metric_relabeling{instance="t:80", job="j"}"""));
        Assert.Equal(stage.Store.Of(Up)[0].TimestampMs, stage.Store.Of(A)[0].TimestampMs);
        Assert.Equal(1, stage.Store.Commits);
        Assert.Equal(new MetricMetadata("counter", "All.", ""), stage.Store.Metadata["a"]);
    }

    [Fact]
    public async Task Scrapes_keep_to_their_ticks_and_an_unchanged_body_does_no_label_work()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\nb 2\n");
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(50);

        var times = stage.Store.Of(A).Select(sample => sample.TimestampMs).ToList();
        Assert.Equal(5, times.Count);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(10_000, pair.Second - pair.First));
        Assert.Equal(7, stage.Store.LookUps);
        Assert.Equal("2 0 0 0 0", stage.Store.Values("""scrape_series_added{instance="t:80", job="j"}"""));
    }

    [Fact]
    public async Task An_interval_longer_than_a_timer_takes_is_waited_for()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        await stage.ApplyAsync(stage.Job() with { ScrapeInterval = TimeSpan.FromDays(120) });
        await stage.PassAsync(TimeSpan.FromDays(121).TotalSeconds);

        Assert.StartsWith("1", stage.Store.Values(A), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vanished_series_gets_one_marker_and_may_come_back()
    {
        await using var stage = new ScrapeStage();
        var bodies = new Queue<string>(["a 1\nb 1\n", "b 2\n", "b 3\n", "a 4\nb 4\n"]);
        stage.Targets.Answer = _ => FakeTargets.Text(bodies.Dequeue());
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(40);

        Assert.Equal("1 stale 4", stage.Store.Values(A));
        Assert.Equal("1 2 3 4", stage.Store.Values("""b{instance="t:80", job="j"}"""));
    }

    [Theory]
    [InlineData("a 1\n}{ broken\n")]
    [InlineData("a 1\n{x=\"nameless\"} 1\n")]
    [InlineData("a 1\na{x=\"1\",x=\"2\"} 1\n")]
    public async Task A_body_that_is_bad_anywhere_is_dropped_whole_and_ends_what_does_not_stand_before_the_fault(string bad)
    {
        await using var stage = new ScrapeStage();
        var bodies = new Queue<string>(["a 1\nb 1\n", bad, bad, "a 3\n"]);
        stage.Targets.Answer = _ => FakeTargets.Text(bodies.Dequeue());
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(40);

        Assert.Equal("1 3", stage.Store.Values(A));
        Assert.Equal("1 stale", stage.Store.Values("""b{instance="t:80", job="j"}"""));
        Assert.Equal("1 0 0 1", stage.Store.Values(Up));
    }

    [Fact]
    public async Task A_failed_scrape_shows_its_reason_and_ends_every_series()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);
        stage.Targets.Answer = _ => new HttpResponseMessage(HttpStatusCode.NotFound);
        await stage.PassAsync(10);

        Assert.Equal("1 stale", stage.Store.Values(A));
        var target = Assert.Single(stage.Collector.Snapshot().Active);
        Assert.Equal(TargetHealth.Down, target.Health);
        Assert.Equal("server returned HTTP status 404 Not Found", target.LastError);
    }

    [Fact]
    public async Task A_target_that_hangs_fails_at_its_timeout()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Hangs = true;
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(16);

        Assert.Equal("0", stage.Store.Values(Up));
        Assert.Contains("context deadline exceeded", stage.Collector.Snapshot().Active.Single().LastError, StringComparison.Ordinal);
        Assert.Equal("5", stage.Store.Values("""scrape_duration_seconds{instance="t:80", job="j"}"""));
    }

    [Fact]
    public async Task A_removed_target_gets_markers_after_two_intervals_unless_it_is_shut_down()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);
        await stage.ApplyAsync();
        await stage.PassAsync(5);
        Assert.Equal("1", stage.Store.Values(A));
        await stage.PassAsync(20);

        Assert.Equal("1 stale", stage.Store.Values(A));
        Assert.Equal("1 stale", stage.Store.Values(Up));
        Assert.Equal(10_000, stage.Store.Of(A)[1].TimestampMs - stage.Store.Of(A)[0].TimestampMs);
    }

    [Fact]
    public async Task A_changed_job_goes_on_without_a_gap_of_markers()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);
        await stage.ApplyAsync(stage.Job() with { BodySizeLimitBytes = 1000 });
        await stage.PassAsync(60);

        Assert.DoesNotContain("stale", stage.Store.Values(A), StringComparison.Ordinal);
        Assert.Equal(7, stage.Store.Of(A).Count);
    }

    [Fact]
    public async Task An_unchanged_job_keeps_its_client_and_cache_over_a_reload()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        var made = 0;
        var job = stage.Job();
        ScrapeJobOptions Counted() => stage.Job() with
        {
            CreateHttpClient = () =>
            {
                made++;
                return job.CreateHttpClient();
            },
        };
        await stage.ApplyAsync(Counted());
        await stage.PassAsync(10);
        await stage.ApplyAsync(Counted());
        await stage.PassAsync(10);

        Assert.Equal(1, made);
        Assert.Equal(6, stage.Store.LookUps);
    }

    [Theory]
    [InlineData(false, """c{exported_instance="i", exported_job="k", instance="t:80", job="j"}""")]
    [InlineData(true, """c{instance="i", job="k"}""")]
    public async Task Clashing_labels_follow_honor_labels(bool honor, string series)
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("c{instance=\"i\",job=\"k\"} 1\ne{instance=\"\"} 1\n");
        await stage.ApplyAsync(stage.Job() with { HonorLabels = honor });
        await stage.PassAsync(10);

        Assert.Equal("1", stage.Store.Values(series));
        Assert.Equal("1", stage.Store.Values(honor ? """e{job="j"}""" : """e{instance="t:80", job="j"}"""));
    }

    [Theory]
    [InlineData(true, false, "1")]
    [InlineData(true, true, "1 stale")]
    [InlineData(false, false, "1 stale")]
    public async Task Explicit_timestamps_follow_their_options(bool honor, bool track, string values)
    {
        await using var stage = new ScrapeStage();
        var stamp = ScrapeStage.Start.AddSeconds(-5).ToUnixTimeMilliseconds();
        var bodies = new Queue<string>([$"a 1 {stamp}\n", "b 1\n"]);
        stage.Targets.Answer = _ => FakeTargets.Text(bodies.Dequeue());
        await stage.ApplyAsync(stage.Job() with { HonorTimestamps = honor, TrackTimestampsStaleness = track });
        await stage.PassAsync(20);

        Assert.Equal(values, stage.Store.Values(A));
        Assert.Equal(honor, stage.Store.Of(A)[0].TimestampMs == stamp);
    }

    public static TheoryData<string, string> Limits => new()
    {
        { "samples", "sample limit exceeded" },
        { "labels", "label_limit exceeded (metric: a, number of labels: 4, limit: 3)" },
        { "name", "label_name_length_limit exceeded (metric: a, label name: long_name, length: 9, limit: 8)" },
        { "value", "label_value_length_limit exceeded (metric: a, label name: long_name, value: \"0123456789\", length: 10, limit: 9)" },
        { "body", "body size limit exceeded" },
        { "targets", "target_limit exceeded (number of targets: 2, limit: 1)" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Every_limit_fails_the_scrape_and_says_so(string limit, string message)
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a{long_name=\"0123456789\"} 1\nb 2\nc 3\n");
        var job = limit == "targets" ? stage.Job("t:80", "u:80") : stage.Job();
        await stage.ApplyAsync(limit switch
        {
            "samples" => job with { SampleLimit = 2 },
            "labels" => job with { LabelLimit = 3 },
            "name" => job with { LabelNameLengthLimit = 8 },
            "value" => job with { LabelValueLengthLimit = 9 },
            "body" => job with { BodySizeLimitBytes = 20 },
            _ => job with { TargetLimit = 1 },
        });
        await stage.PassAsync(10);

        Assert.All(stage.Collector.Snapshot().Active, target => Assert.Equal(message, target.LastError));
        Assert.Equal("0", stage.Store.Values(Up));
        Assert.Equal("", stage.Store.Values("""c{instance="t:80", job="j"}"""));
    }

    [Fact]
    public async Task The_request_carries_what_a_prometheus_sends_and_gzip_is_unpacked()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Gzip("a 7\n");
        await stage.ApplyAsync(stage.Job() with
        {
            MetricsPath = "/m",
            Params = new Dictionary<string, IReadOnlyList<string>> { ["q"] = ["a b", "c"] },
            CreateHttpClient = () => new HttpClient(stage.Targets, disposeHandler: false)
            {
                DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", "dTpw") },
            },
        });
        await stage.PassAsync(10);

        Assert.Equal("7", stage.Store.Values(A));
        var request = Assert.Single(stage.Targets.Requests);
        Assert.Equal("http://t/m?q=a+b&q=c", request.RequestUri!.AbsoluteUri);
        Assert.Equal("Basic dTpw", request.Headers.Authorization!.ToString());
        Assert.Equal("5", request.Headers.GetValues("X-Prometheus-Scrape-Timeout-Seconds").Single());
        Assert.Equal("gzip", request.Headers.AcceptEncoding.ToString());
        Assert.Equal("Pharos/0.1.0", request.Headers.UserAgent.ToString());
        Assert.StartsWith("application/openmetrics-text;", string.Join(',', request.Headers.GetValues("Accept")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "sending blank Content-Type")]
    [InlineData("application/json", null, "received unsupported Content-Type")]
    [InlineData("application/json", ScrapeProtocol.PrometheusText004, "")]
    [InlineData("application/openmetrics-text; version=1.0.0", null, "data does not end with # EOF")]
    public async Task The_content_type_decides_how_a_body_is_read(string? type, ScrapeProtocol? fallback, string fault)
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n", type);
        await stage.ApplyAsync(stage.Job() with { FallbackScrapeProtocol = fallback });
        await stage.PassAsync(10);

        var error = stage.Collector.Snapshot().Active.Single().LastError;
        Assert.Equal(fault.Length == 0, error.Length == 0);
        Assert.Contains(fault, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_that_the_store_refuses_are_logged_once_and_the_rest_is_kept()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\na 2\na 3\nb 1\n");
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);

        Assert.Equal("1", stage.Store.Values(A));
        Assert.Equal("1", stage.Store.Values(Up));
        Assert.Contains("2 with a timestamp that is taken",
            Assert.Single(stage.Logger.Lines, line => line.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_discovery_that_cannot_run_warns_once_and_the_other_jobs_run()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        ScrapeJobOptions[] Jobs() =>
        [
            stage.Job() with { JobName = "k", Discoveries = [UnavailableDiscoveryOptions.For("kubernetes")] }, stage.Job(),
        ];
        await stage.ApplyAsync(Jobs());
        await stage.ApplyAsync(Jobs());
        await stage.PassAsync(10);

        var warning = Assert.Single(stage.Logger.Lines, line => line.Level == LogLevel.Warning).Text;
        Assert.Equal("Job k: kubernetes_sd_configs finds no targets: this process runs outside a Kubernetes cluster "
            + "(KUBERNETES_SERVICE_HOST is not set)", warning);
        Assert.Equal("1", stage.Store.Values(A));
        Assert.Equal(["k", "j"], stage.Collector.Snapshot().Pools.Select(pool => pool.JobName));
    }

    [Fact]
    public async Task Relabeling_drops_targets_and_a_bad_address_is_left_out()
    {
        await using var stage = new ScrapeStage();
        await stage.ApplyAsync(stage.Job("keep:1", "drop:1", "http://bad:1") with
        {
            RelabelRules =
            [
                new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__address__"], Regex = GoRegex.Anchored("drop.*") },
            ],
        });

        var pool = Assert.Single(stage.Collector.Snapshot().Pools);
        Assert.Equal("http://keep:1/metrics", Assert.Single(pool.Active).ScrapeUrl);
        Assert.Equal("drop:1", Assert.Single(pool.Dropped)["__address__"]);
        Assert.Contains("\"http://bad:1\" is not a valid hostname",
            Assert.Single(stage.Logger.Lines, line => line.Level == LogLevel.Error).Text, StringComparison.Ordinal);
    }
}
