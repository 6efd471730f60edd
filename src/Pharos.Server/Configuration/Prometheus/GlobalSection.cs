using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>global</c>.</summary>
internal static class GlobalSection
{
    public static GlobalConfig Read(YamlMappingReader section, Func<string, string?> environment)
    {
        var interval = OrDefault(section.Duration("scrape_interval"), GlobalConfig.Default.ScrapeInterval);
        var timeout = section.Duration("scrape_timeout");
        section.ErrorUnless(timeout <= interval, "scrape_timeout", "global scrape timeout greater than scrape interval");
        if (timeout <= TimeSpan.Zero)
        {
            timeout = GlobalConfig.Default.ScrapeTimeout < interval ? GlobalConfig.Default.ScrapeTimeout : interval;
        }
        var legacy = NameSections.ReadLegacyNames(section) ?? false;
        var config = new GlobalConfig
        {
            ScrapeInterval = interval,
            ScrapeTimeout = timeout,
            EvaluationInterval = OrDefault(section.Duration("evaluation_interval"), GlobalConfig.Default.EvaluationInterval),
            RuleQueryOffset = section.Duration("rule_query_offset"),
            ExternalLabels = ReadExternalLabels(section, environment),
            ScrapeProtocols = ScrapeProtocolNames.ReadList(section),
            Histograms = HistogramKeys.Read(section, new HistogramKeys()),
            NameEscaping = NameSections.ReadEscaping(section, legacy),
            QueryLogFile = section.Reading.Resolve(section.Text("query_log_file")),
            ScrapeFailureLogFile = section.Reading.Resolve(section.Text("scrape_failure_log_file")),
            Limits = LimitKeys.Read(section, new ScrapeLimits()),
            LegacyNames = legacy,
            ExtraScrapeMetrics = section.Flag("extra_scrape_metrics"),
        };
        section.Done();
        return config;
    }

    private static TimeSpan OrDefault(TimeSpan value, TimeSpan otherwise) => value > TimeSpan.Zero ? value : otherwise;

    private static LabelSet ReadExternalLabels(YamlMappingReader section, Func<string, string?> environment)
    {
        var labels = new LabelSetBuilder();
        foreach (var (name, value) in section.Entries("external_labels", wantedKeys: "a valid label name"))
        {
            if (name.Length == 0)
            {
                value.Error($"{GoQuote.Quote(name)} is not a valid label name");
            }
            else if (value.AsText("a valid label value") is { } text)
            {
                labels.Set(name, EnvironmentVariables.Expand(text, variable =>
                {
                    var found = environment(variable);
                    if (string.IsNullOrEmpty(found))
                    {
                        value.Warning($"the environment variable {variable} is empty");
                    }
                    return found;
                }));
            }
        }
        return labels.Build();
    }
}
