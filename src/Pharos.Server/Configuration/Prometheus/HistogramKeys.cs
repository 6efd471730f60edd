using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>What of histograms is scraped; stands in <c>global</c> and in each job.</summary>
internal sealed record HistogramKeys
{
    public bool ScrapeNative { get; init; }

    public bool AlwaysScrapeClassic { get; init; }

    public bool ConvertClassic { get; init; }

    public static HistogramKeys Read(YamlMappingReader section, HistogramKeys inherited) => new()
    {
        ScrapeNative = section.OptionalFlag("scrape_native_histograms") ?? inherited.ScrapeNative,
        AlwaysScrapeClassic = section.OptionalFlag("always_scrape_classic_histograms") ?? inherited.AlwaysScrapeClassic,
        ConvertClassic = section.OptionalFlag("convert_classic_histograms_to_nhcb") ?? inherited.ConvertClassic,
    };
}
