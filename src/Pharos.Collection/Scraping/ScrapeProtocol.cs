namespace Pharos.Collection.Scraping;

/// <summary>The exposition formats by the names that <c>scrape_protocols</c> uses.</summary>
public enum ScrapeProtocol
{
    /// <summary>The only one that knows native histograms.</summary>
    PrometheusProto,

    /// <summary><c>PrometheusText0.0.4</c></summary>
    PrometheusText004,

    /// <summary><c>PrometheusText1.0.0</c></summary>
    PrometheusText100,

    /// <summary><c>OpenMetricsText0.0.1</c></summary>
    OpenMetricsText001,

    /// <summary><c>OpenMetricsText1.0.0</c></summary>
    OpenMetricsText100,
}
