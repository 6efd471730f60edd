using Pharos.Collection.Scraping;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>Which formats a scrape asks for, and which one an answer is read as.</summary>
internal static class ContentNegotiation
{
    /// <summary>The Accept header: the job's formats in its order, each a little less wanted, then anything.</summary>
    public static string AcceptHeader(IReadOnlyList<ScrapeProtocol> protocols, NameEscaping escaping)
    {
        // Prometheus starts at one more than the number of formats that it knows.
        var weight = 6;
        var parts = new List<string>();
        foreach (var protocol in protocols)
        {
            parts.Add($"{MediaType(protocol, escaping)};q=0.{weight}");
            weight--;
        }
        parts.Add($"*/*;q=0.{weight}");
        return string.Join(',', parts);
    }

    /// <summary>Decides how a body is read.</summary>
    /// <returns>The format, or in <paramref name="fault"/> why the scrape fails.</returns>
    public static ExpositionFormat? FormatOf(string? contentType, ScrapeProtocol? fallback, out string? fault)
    {
        fault = null;
        var media = "";
        string? malformed = null;
        if (!string.IsNullOrEmpty(contentType) && ContentType.TryRead(contentType, out media, out malformed)
            && KnownFormat(media) is { } format)
        {
            return format;
        }
        if (fallback is { } chosen)
        {
            return chosen switch
            {
                ScrapeProtocol.PrometheusProto => ExpositionFormat.PrometheusProto,
                ScrapeProtocol.OpenMetricsText001 or ScrapeProtocol.OpenMetricsText100 => ExpositionFormat.OpenMetrics,
                _ => ExpositionFormat.PrometheusText,
            };
        }
        fault = string.IsNullOrEmpty(contentType)
            ? "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target"
            : malformed is not null
                ? $"cannot parse Content-Type {GoQuote.Quote(contentType)} and no fallback_scrape_protocol for target\n{malformed}"
                : $"received unsupported Content-Type {GoQuote.Quote(contentType)} and no fallback_scrape_protocol "
                    + "specified for target";
        return null;
    }

    private static ExpositionFormat? KnownFormat(string media) => media switch
    {
        "text/plain" => ExpositionFormat.PrometheusText,
        "application/openmetrics-text" => ExpositionFormat.OpenMetrics,
        "application/vnd.google.protobuf" => ExpositionFormat.PrometheusProto,
        _ => null,
    };

    /// <summary>Only the newer text formats know how names are escaped.</summary>
    private static string MediaType(ScrapeProtocol protocol, NameEscaping escaping) => protocol switch
    {
        ScrapeProtocol.PrometheusText004 => "text/plain;version=0.0.4",
        ScrapeProtocol.PrometheusText100 => $"text/plain;version=1.0.0;escaping={Name(escaping)}",
        ScrapeProtocol.OpenMetricsText001 => "application/openmetrics-text;version=0.0.1",
        ScrapeProtocol.OpenMetricsText100 => $"application/openmetrics-text;version=1.0.0;escaping={Name(escaping)}",
        _ => "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
    };

    private static string Name(NameEscaping escaping) => escaping switch
    {
        NameEscaping.Underscores => "underscores",
        NameEscaping.Dots => "dots",
        NameEscaping.Values => "values",
        _ => "allow-utf-8",
    };
}
