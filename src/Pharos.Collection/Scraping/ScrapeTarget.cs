using System.Text;
using Pharos.Collection.Exposition;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>One place to scrape, and how its last scrape went.</summary>
/// <remarks>The report is replaced whole by the target's loop and read from any thread.</remarks>
internal sealed class ScrapeTarget(LabelSet discovered, LabelSet labels, Uri url, string address)
{
    private volatile ScrapeReport _report = ScrapeReport.None;

    /// <summary>Replaced when the same target is discovered with other internal labels.</summary>
    public LabelSet Discovered { get; set; } = discovered;

    public LabelSet Labels { get; } = labels;

    public Uri Url { get; } = url;

    /// <summary>The URL with the address as it was configured: a port stays, be it the scheme's own.</summary>
    public string ShownUrl { get; } = $"{url.Scheme}://{address}{url.PathAndQuery}";

    public required TimeSpan Interval { get; init; }

    public required TimeSpan Timeout { get; init; }

    public HistogramReading Histograms { get; init; }

    /// <summary>The socket that is connected to instead of the URL's host; empty for none.</summary>
    public string UnixSocket { get; init; } = "";

    public ScrapeReport Report
    {
        get => _report;
        set => _report = value;
    }

    public TargetKey Key => new(Labels, ShownUrl, Interval, Timeout, Histograms, UnixSocket);

    /// <summary>How long to wait for the first scrape, so that scrapes spread over the interval and keep their place
    /// across restarts.</summary>
    public TimeSpan Offset(DateTimeOffset now, ulong seed)
    {
        var period = (ulong)Interval.Ticks;
        var start = period - ((ulong)now.Ticks % period);
        var next = start + ((Hash() ^ seed) % period);
        return TimeSpan.FromTicks((long)(next > period ? next - period : next));
    }

    /// <summary>FNV-1a over labels and URL: the same on every start, unlike a string's own hash.</summary>
    private ulong Hash()
    {
        var hash = 14695981039346656037UL;
        foreach (var part in Encoding.UTF8.GetBytes($"{Labels}{Url.AbsoluteUri}"))
        {
            hash = (hash ^ part) * 1099511628211UL;
        }
        return hash;
    }
}
