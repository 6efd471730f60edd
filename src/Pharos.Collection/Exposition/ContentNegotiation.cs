using Pharos.Collection.Scraping;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>Which formats a scrape asks for, and which one an answer is read as.</summary>
internal static class ContentNegotiation
{
    /// <summary>The Accept header: the job's formats in its order, each a little less wanted, then anything.</summary>
    public static string AcceptHeader(IReadOnlyList<ScrapeProtocol> protocols)
    {
        // Prometheus starts at one more than the number of formats that it knows.
        var weight = 6;
        var parts = new List<string>();
        foreach (var protocol in protocols)
        {
            if (MediaType(protocol) is { } type)
            {
                parts.Add($"{type};q=0.{weight}");
                weight--;
            }
        }
        parts.Add($"*/*;q=0.{weight}");
        return string.Join(',', parts);
    }

    /// <summary>Decides how a body is read.</summary>
    /// <returns>The format, or in <paramref name="fault"/> why the scrape fails.</returns>
    public static ExpositionFormat? FormatOf(string? contentType, ScrapeProtocol? fallback, out string? fault)
    {
        fault = null;
        var media = contentType?.Split(';', 2)[0].Trim().ToLowerInvariant() ?? "";
        switch (media)
        {
            case "text/plain":
                return ExpositionFormat.PrometheusText;
            case "application/openmetrics-text":
                return ExpositionFormat.OpenMetrics;
        }
        if (fallback is { } chosen && chosen != ScrapeProtocol.PrometheusProto)
        {
            return chosen is ScrapeProtocol.OpenMetricsText001 or ScrapeProtocol.OpenMetricsText100
                ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
        }
        fault = media.Length == 0
            ? "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target"
            : $"received unsupported Content-Type {GoQuote.Quote(contentType!)} and no fallback_scrape_protocol "
                + "specified for target";
        return null;
    }

    /// <summary>Null for what is not negotiated.</summary>
    private static string? MediaType(ScrapeProtocol protocol) => protocol switch
    {
        ScrapeProtocol.PrometheusText004 => "text/plain;version=0.0.4",
        ScrapeProtocol.PrometheusText100 => "text/plain;version=1.0.0;escaping=allow-utf-8",
        ScrapeProtocol.OpenMetricsText001 => "application/openmetrics-text;version=0.0.1",
        ScrapeProtocol.OpenMetricsText100 => "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8",
        _ => null,
    };
}
