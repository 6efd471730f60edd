namespace Pharos.Collection.Scraping;

/// <summary>Rewrites a loopback scrape URL to one that can be opened from elsewhere, by Prometheus' rule.</summary>
internal static class GlobalUrl
{
    public static string From(ScrapeTarget target, GlobalUrlOptions? options)
    {
        var scrapeUrl = target.Url;
        var hasPort = !scrapeUrl.IsDefaultPort || target.ShownUrl.Contains($":{scrapeUrl.Port}/", StringComparison.Ordinal);
        if (options is null || !hasPort || scrapeUrl.Host is not ("127.0.0.1" or "localhost" or "[::1]"))
        {
            return target.ShownUrl;
        }
        // Our own port: the target is this very process, so scheme and port are known too.
        var self = options.ListenAddress.EndsWith($":{scrapeUrl.Port}", StringComparison.Ordinal);
        var host = self ? options.Host : $"{WithoutPort(options.Host)}:{scrapeUrl.Port}";
        return $"{(self ? options.Scheme : scrapeUrl.Scheme)}://{host}{scrapeUrl.PathAndQuery}";
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? host[..colon] : host;
    }
}
