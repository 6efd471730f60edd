namespace Pharos.Collection.Scraping;

/// <summary>How a target's last scrape went.</summary>
/// <param name="Error">Empty where it was good.</param>
internal sealed record ScrapeReport(TargetHealth Health, string Error, DateTimeOffset? At, TimeSpan Duration)
{
    public static readonly ScrapeReport None = new(TargetHealth.Unknown, "", null, TimeSpan.Zero);
}
