using Pharos.Collection.Scraping;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Prometheus.Discovery;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads one entry of <c>scrape_configs</c> and fills in what it inherits from <c>global</c>.</summary>
internal sealed class ScrapeJobSection(GlobalConfig global, DiscoverySection discoveries)
{
    /// <summary>How each job that was read connects, in their order.</summary>
    public List<HttpClientConfig> Clients { get; } = [];

    public ScrapeJobOptions? Read(YamlValue entry)
    {
        if (entry.IsNull)
        {
            entry.Error("empty or null scrape config section");
            return null;
        }
        if (entry.AsMapping() is not { } map)
        {
            return null;
        }
        var name = map.Text("job_name");
        map.ErrorUnless(name.Length > 0, "job_name", "job_name is empty");
        var (interval, timeout) = ReadTimes(map, name);
        var legacy = NameSections.ReadLegacyNames(map) ?? global.LegacyNames;
        var histograms = HistogramKeys.Read(map, global.Histograms);
        var limits = LimitKeys.Read(map, global.Limits);
        var relabel = RelabelSection.ReadList(map, "relabel_configs", "target relabeling rule in scrape config", legacy);
        var http = HttpClientSection.ReadKeys(map);
        var job = new ScrapeJobOptions
        {
            JobName = name,
            ScrapeInterval = interval,
            ScrapeTimeout = timeout,
            ScrapeProtocols = ScrapeProtocolNames.ReadList(map) ?? global.ScrapeProtocols
                ?? (histograms.ScrapeNative ? ScrapeJobOptions.ProtoFirstProtocols : ScrapeJobOptions.DefaultProtocols),
            FallbackScrapeProtocol = map.Find("fallback_scrape_protocol") is { } fallback ? ScrapeProtocolNames.Read(
                fallback, $"invalid fallback_scrape_protocol for scrape config with job name {YamlValue.Echo(name)}") : null,
            MetricsPath = map.Text("metrics_path", "/metrics"),
            Scheme = ReadScheme(map),
            Params = ReadParams(map),
            HonorLabels = map.Flag("honor_labels"),
            HonorTimestamps = map.Flag("honor_timestamps", true),
            TrackTimestampsStaleness = map.Flag("track_timestamps_staleness"),
            EnableCompression = map.Flag("enable_compression", true),
            BodySizeLimitBytes = limits.BodySizeBytes,
            SampleLimit = limits.Samples,
            TargetLimit = limits.Targets,
            LabelLimit = limits.Labels,
            LabelNameLengthLimit = limits.LabelNameLength,
            LabelValueLengthLimit = limits.LabelValueLength,
            KeepDroppedTargets = limits.KeepDroppedTargets,
            LegacyNames = legacy,
            NameEscaping = NameSections.EscapingOf(NameSections.ReadEscaping(map, legacy), global.NameEscaping, legacy),
            ScrapeNativeHistograms = histograms.ScrapeNative,
            AlwaysScrapeClassicHistograms = histograms.AlwaysScrapeClassic,
            ConvertClassicHistograms = histograms.ConvertClassic,
            NativeHistogramBucketLimit = map.Count("native_histogram_bucket_limit"),
            NativeHistogramMinBucketFactor = map.Number("native_histogram_min_bucket_factor"),
            ScrapeFailureLogFile = map.Text("scrape_failure_log_file") is { Length: > 0 } file
                ? map.Reading.Resolve(file) : global.ScrapeFailureLogFile,
            ExtraScrapeMetrics = map.Flag("extra_scrape_metrics", global.ExtraScrapeMetrics),
            RelabelRules = relabel,
            MetricRelabelRules = RelabelSection.ReadList(map, "metric_relabel_configs", "metric relabeling rule in scrape config", legacy),
            Discoveries = discoveries.ReadAll(map, relabel),
            CreateHttpClient = () => OutboundHttpClient.Create(http),
            CreateUnixSocketClient = socket => OutboundHttpClient.Create(http, unixSocket: socket),
            HttpFingerprint = http.Fingerprint(),
        };
        map.Done();
        Clients.Add(http);
        return job;
    }

    private (TimeSpan Interval, TimeSpan Timeout) ReadTimes(YamlMappingReader map, string name)
    {
        var interval = map.Duration("scrape_interval");
        var timeout = map.Duration("scrape_timeout");
        interval = interval > TimeSpan.Zero ? interval : global.ScrapeInterval;
        map.ErrorUnless(timeout <= interval, "scrape_timeout",
            $"scrape timeout greater than scrape interval for scrape config with job name {YamlValue.Echo(name)}");
        if (timeout <= TimeSpan.Zero)
        {
            timeout = global.ScrapeTimeout > interval ? interval : global.ScrapeTimeout;
        }
        return (interval, timeout);
    }

    private static string ReadScheme(YamlMappingReader map)
    {
        var scheme = map.Text("scheme", "http");
        if (scheme is not ("http" or "https"))
        {
            map.KeyOf("scheme")!.Warning($"the scheme {YamlValue.Echo(scheme)} is neither http nor https; every scrape will fail");
        }
        return scheme;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadParams(YamlMappingReader map)
    {
        var parameters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in map.Entries("params"))
        {
            parameters[name] = values.IsNull ? [] : [.. values.AsList().Select(value => value.AsText()).OfType<string>()];
        }
        return parameters;
    }
}
