using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;

namespace Pharos.Collection.Scraping;

/// <summary>One entry of <c>scrape_configs</c>, validated, the global section's defaults already filled in.</summary>
/// <remarks>Limits are 0 where there is none, as in Prometheus' files.</remarks>
public sealed record ScrapeJobOptions
{
    /// <summary>What Prometheus 3 negotiates where a file says nothing.</summary>
    public static readonly IReadOnlyList<ScrapeProtocol> DefaultProtocols =
    [
        ScrapeProtocol.OpenMetricsText100, ScrapeProtocol.OpenMetricsText001,
        ScrapeProtocol.PrometheusText100, ScrapeProtocol.PrometheusText004,
    ];

    /// <summary>The same where native histograms are wanted, for only one format has them.</summary>
    public static readonly IReadOnlyList<ScrapeProtocol> ProtoFirstProtocols =
        [ScrapeProtocol.PrometheusProto, .. DefaultProtocols];

    public required string JobName { get; init; }

    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Not longer than the interval.</summary>
    public TimeSpan ScrapeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<ScrapeProtocol> ScrapeProtocols { get; init; } = DefaultProtocols;

    /// <summary>How a body without a usable Content-Type is read; without it such a scrape fails.</summary>
    public ScrapeProtocol? FallbackScrapeProtocol { get; init; }

    public string MetricsPath { get; init; } = "/metrics";

    public string Scheme { get; init; } = "http";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Params { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public bool HonorLabels { get; init; }

    public bool HonorTimestamps { get; init; } = true;

    public bool TrackTimestampsStaleness { get; init; }

    public bool EnableCompression { get; init; } = true;

    public long BodySizeLimitBytes { get; init; }

    /// <summary>Samples per scrape, counted after metric relabeling.</summary>
    public int SampleLimit { get; init; }

    /// <summary>Targets of the job, counted after relabeling.</summary>
    public int TargetLimit { get; init; }

    /// <summary>Labels per sample, target labels included.</summary>
    public int LabelLimit { get; init; }

    /// <summary>Bytes of UTF-8.</summary>
    public int LabelNameLengthLimit { get; init; }

    /// <summary>Bytes of UTF-8.</summary>
    public int LabelValueLengthLimit { get; init; }

    /// <summary>How many targets that relabeling dropped are remembered for the API; 0 remembers all.</summary>
    public int KeepDroppedTargets { get; init; }

    /// <summary>Metric and label names follow the rules from before Prometheus 3.</summary>
    public bool LegacyNames { get; init; }

    /// <summary>What is asked of targets; what they send is stored as it comes.</summary>
    public NameEscaping NameEscaping { get; init; }

    /// <summary>Native histograms are stored. A target's label <c>__scrape_native_histograms__</c> may say otherwise.</summary>
    public bool ScrapeNativeHistograms { get; init; }

    /// <summary>The classic form of a histogram is stored beside its native one; <c>__always_scrape_classic_histograms__</c>.</summary>
    public bool AlwaysScrapeClassicHistograms { get; init; }

    /// <summary>Classic histograms are stored as native ones; <c>__convert_classic_histograms_to_nhcb__</c>.</summary>
    public bool ConvertClassicHistograms { get; init; }

    /// <summary>A native histogram with more buckets gets a lower resolution; one that cannot fails the scrape.</summary>
    public int NativeHistogramBucketLimit { get; init; }

    /// <summary>The least factor between neighbouring bounds of a native histogram: its resolution is lowered to that.</summary>
    public double NativeHistogramMinBucketFactor { get; init; }

    /// <summary>Each failed scrape is a line of JSON in this file; empty for none.</summary>
    public string ScrapeFailureLogFile { get; init; } = "";

    /// <summary>Also writes <c>scrape_timeout_seconds</c>, <c>scrape_sample_limit</c> and <c>scrape_body_size_bytes</c>.</summary>
    public bool ExtraScrapeMetrics { get; init; }

    /// <summary>Applied to targets. Every rule has passed <see cref="RelabelRule.Validate"/>.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Applied to samples. Every rule has passed <see cref="RelabelRule.Validate"/>.</summary>
    public IReadOnlyList<RelabelRule> MetricRelabelRules { get; init; } = [];

    public IReadOnlyList<DiscoveryOptions> Discoveries { get; init; } = [];

    /// <summary>Makes the job's client, with authentication, TLS and proxy as its file says. Called once for a job that
    /// is new or has changed; the job owns the client and disposes it. Its own timeout must be infinite.</summary>
    public required Func<HttpClient> CreateHttpClient { get; init; }

    /// <summary>Makes the client of a target that names a socket in <c>__unix_socket__</c>; given the socket's path. Without
    /// it such a target is scraped as any other.</summary>
    public Func<string, HttpClient>? CreateUnixSocketClient { get; init; }

    /// <summary>Equal texts mean that <see cref="CreateHttpClient"/> makes equal clients, so a reload keeps the old one.
    /// Holds no secret in the clear: a hash will do.</summary>
    public string HttpFingerprint { get; init; } = "";

    /// <summary>Whether a reload may leave the job's loops, caches and client alone.</summary>
    internal bool SameAs(ScrapeJobOptions other) =>
        this with
        {
            ScrapeProtocols = other.ScrapeProtocols,
            Params = other.Params,
            RelabelRules = other.RelabelRules,
            MetricRelabelRules = other.MetricRelabelRules,
            Discoveries = other.Discoveries,
            CreateHttpClient = other.CreateHttpClient,
            CreateUnixSocketClient = other.CreateUnixSocketClient,
        } == other
        && ScrapeProtocols.SequenceEqual(other.ScrapeProtocols)
        && SameParams(other.Params)
        && RelabelRules.SequenceEqual(other.RelabelRules)
        && MetricRelabelRules.SequenceEqual(other.MetricRelabelRules)
        && Discoveries.Count == other.Discoveries.Count
        && Discoveries.Zip(other.Discoveries).All(pair => pair.First.SameAs(pair.Second));

    private bool SameParams(IReadOnlyDictionary<string, IReadOnlyList<string>> other) =>
        Params.Count == other.Count && Params.All(param =>
            other.TryGetValue(param.Key, out var values) && param.Value.SequenceEqual(values, StringComparer.Ordinal));
}
