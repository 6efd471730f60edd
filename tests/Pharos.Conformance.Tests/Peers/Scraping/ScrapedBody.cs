using System.Text;

namespace Pharos.Conformance.Tests.Peers.Scraping;

/// <summary>One exposition that both servers scrape, as a job of its own.</summary>
/// <param name="Options">Lines of the job's configuration.</param>
/// <param name="Newer">Why Prometheus 2.42 and 3.14 differ, where they do; null where both read it alike.</param>
internal sealed record ScrapedBody(byte[] Bytes, bool OpenMetrics, IReadOnlyList<string> Options, string? Newer = null)
{
    public string ContentType =>
        OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";

    public override string ToString() =>
        $"{(OpenMetrics ? "OpenMetrics " : "")}{Encoding.Latin1.GetString(Bytes).ReplaceLineEndings("\\n")} {string.Join("; ", Options)}";
}
