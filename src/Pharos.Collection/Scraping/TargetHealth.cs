namespace Pharos.Collection.Scraping;

public enum TargetHealth
{
    /// <summary>Not scraped yet.</summary>
    Unknown,
    Up,
    Down,
}
