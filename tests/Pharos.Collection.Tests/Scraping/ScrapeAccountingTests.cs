using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Scraping;

/// <summary>What counts as scraped, added and over a limit, and which words a failure has.</summary>
public sealed class ScrapeAccountingTests
{
    private const string Added = """scrape_series_added{instance="t:80", job="j"}""";
    private const string Scraped = """scrape_samples_scraped{instance="t:80", job="j"}""";

    [Theory]
    [InlineData("a 1\nb 1\n|a 1\nb 1\n", "2 0")]
    [InlineData("a 1\nb 1\n|a 1\n|a 1\nb 1\n", "2 0 1")]
    [InlineData("a 1\nb 1\n||a 1\nb 1\n", "2 0 0")]
    [InlineData("a 1\nb 1\nx y\n|a 1\nb 1\n", "2 0")]
    [InlineData("a 1\na 1\n", "1")]
    [InlineData("a 1\nb 1\nc 1\nd 1\n|a 1\nd 1\n", "3 1")]
    public async Task A_series_counts_as_added_when_the_last_full_scrape_had_no_sample_of_it(string bodies, string added)
    {
        await using var stage = await ScrapedAsync(job => job with { SampleLimit = 3 }, bodies.Split('|'));
        Assert.Equal(added, stage.Store.Values(Added));
    }

    /// <summary>As in Prometheus: what is exposed within the limit, or before the fault, has not ended.</summary>
    [Theory]
    [InlineData("a 1\n|a 2\nb 2\nc 2\nd 2\n|a 3\n", "1 3", "")]
    [InlineData("a 1\nb 1\n|a 2\nx y\n|b 3\n", "1 stale", "1 stale 3")]
    [InlineData("c 1\n|a 1\nx y\n|c 2\n", "", "")]
    [InlineData("c 1\n|a 1\nx y\n|a 2\nx y\n|a 3\n|c 2\n", "3 stale", "")]
    public async Task A_scrape_that_fails_ends_what_it_does_not_hold(string bodies, string a, string b)
    {
        await using var stage = await ScrapedAsync(job => job with { SampleLimit = 3 }, bodies.Split('|'));
        Assert.Equal(a, stage.Store.Values("""a{instance="t:80", job="j"}"""));
        Assert.Equal(b, stage.Store.Values("""b{instance="t:80", job="j"}"""));
    }

    [Fact]
    public async Task Repeated_and_dropped_samples_do_not_count_for_the_limit()
    {
        var drop = new RelabelRule { SourceLabels = ["__name__"], Regex = GoRegex.Anchored("d"), Action = RelabelAction.Drop };
        await using var stage = await ScrapedAsync(job => job with { SampleLimit = 2, MetricRelabelRules = [drop] }, "a 1\na 1\nd 1\nd{x=\"y\"} 1\nb 1\n");
        Assert.Equal("", LastError(stage));
        Assert.Equal("5", stage.Store.Values(Scraped));
    }

    [Theory]
    [InlineData("a{b=\"1\",b=\"2\"} 1\n", "keep", "label name \"b\" is not unique: invalid sample")]
    [InlineData("a{b=\"1\",b=\"2\"} 1\n", "labeldrop", "")]
    [InlineData("a{b=\"1\",b=\"2\"} 1\n", "drop", "")]
    [InlineData("a{instance=\"1\",instance=\"2\"} 1\n", "keep", "")]
    [InlineData("a{__name__=\"b\"} 1\n", "keep", "label name \"__name__\" is not unique: invalid sample")]
    public async Task A_label_that_comes_twice_fails_the_scrape_where_it_is_left(string body, string action, string error)
    {
        RelabelRule[] rules = action switch
        {
            "labeldrop" => [new RelabelRule { Regex = GoRegex.Anchored("b"), Action = RelabelAction.LabelDrop }],
            "drop" => [new RelabelRule { SourceLabels = ["__name__"], Regex = GoRegex.Anchored("a"), Action = RelabelAction.Drop }],
            _ => [],
        };
        await using var stage = await ScrapedAsync(job => job with { MetricRelabelRules = rules }, body);
        Assert.Equal(error, LastError(stage));
    }

    [Fact]
    public async Task The_first_of_two_values_is_the_exported_one()
    {
        await using var stage = await ScrapedAsync(job => job, "a{instance=\"1\",instance=\"2\"} 1\n");
        Assert.Equal("1", stage.Store.Values("""a{exported_instance="1", instance="t:80", job="j"}"""));
    }

    [Fact]
    public async Task A_name_that_is_no_utf8_fails_the_scrape()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Body([.. "{\"a"u8, 0xff, .. "\"} 1\n"u8], "text/plain", packed: false);
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);
        Assert.Equal("invalid metric name or label names: {__name__=\"a\\xff\", instance=\"t:80\", job=\"j\"}", LastError(stage));
    }

    [Fact]
    public async Task A_limit_shows_fifty_characters_as_Go_quotes_them()
    {
        await using var stage = await ScrapedAsync(job => job with { LabelValueLengthLimit = 9 }, $"a{{b=\"\\\"{new string('é', 60)}\"}} 1\n");
        Assert.Equal($"label_value_length_limit exceeded (metric: a, label name: b, value: \"\\\"{new string('é', 49)}\", length: 121, limit: 9)",
            LastError(stage));
    }

    [Fact]
    public async Task Metadata_is_kept_for_ten_scrapes_and_what_a_bad_body_told_first_is_kept_too()
    {
        await using var stage = await ScrapedAsync(job => job, ["# HELP a x\na 1\n", "# HELP b y\nb z\n", .. Enumerable.Repeat("c 1\n", 9)]);
        Assert.Equal(["a", "b"], stage.Collector.Snapshot().Active.Single().Metadata.Keys.Order());
        await stage.PassAsync(10);
        Assert.Equal(["b"], stage.Collector.Snapshot().Active.Single().Metadata.Keys);
    }

    [Theory]
    [InlineData("cut trailer", "unexpected EOF")]
    [InlineData("cut content", "unexpected EOF")]
    [InlineData("cut header", "unexpected EOF")]
    [InlineData("empty", "EOF")]
    [InlineData("plain", "gzip: invalid header")]
    [InlineData("trash behind", "unexpected EOF")]
    [InlineData("two members", "")]
    [InlineData("whole", "")]
    public async Task A_packed_body_must_be_whole(string kind, string error)
    {
        byte[] whole = Gzip("a 1\nb 2\n");
        byte[] body = kind switch
        {
            "cut trailer" => whole[..^3],
            "cut content" => whole[..^10],
            "cut header" => whole[..9],
            "empty" => [],
            "plain" => Encoding.ASCII.GetBytes("a 1\nb 2\nc 3\n"),
            "trash behind" => [.. whole, 1, 2, 3],
            "two members" => [.. whole, .. Gzip("c 3\n")],
            _ => whole,
        };
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => FakeTargets.Body(body, "text/plain", packed: true);
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);
        Assert.Equal(error, LastError(stage));
        Assert.Equal(error.Length > 0 ? "0" : kind == "whole" ? "2" : "3", stage.Store.Values(Scraped));
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "Get \"http://t:80/metrics\": dial tcp t:80: connect: connection refused")]
    [InlineData(SocketError.HostNotFound, "Get \"http://t:80/metrics\": dial tcp: lookup t: no such host")]
    public async Task A_connection_that_fails_has_Go_s_words(SocketError error, string words)
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => throw new HttpRequestException("other words", new SocketException((int)error));
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);
        Assert.Equal(words, LastError(stage));
        Assert.Equal("http://t:80/metrics", stage.Collector.Snapshot().Active.Single().ScrapeUrl);
    }

    [Fact]
    public async Task A_status_other_than_200_is_the_reason()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { ReasonPhrase = "Very Busy" };
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);
        Assert.Equal("server returned HTTP status 503 Very Busy", LastError(stage));
    }

    private static async Task<ScrapeStage> ScrapedAsync(Func<ScrapeJobOptions, ScrapeJobOptions> change, params string[] bodies)
    {
        var stage = new ScrapeStage();
        var left = new Queue<string>(bodies);
        stage.Targets.Answer = _ => FakeTargets.Text(left.Count > 1 ? left.Dequeue() : left.Peek());
        await stage.ApplyAsync(change(stage.Job()));
        await stage.PassAsync(bodies.Length * 10);
        return stage;
    }

    private static string LastError(ScrapeStage stage) => stage.Collector.Snapshot().Active.Single().LastError;

    private static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }
}
