namespace Pharos.Collection.Scraping.Ingest;

/// <summary>What few series have.</summary>
internal sealed class SeriesParticulars
{
    /// <summary>The exemplars that were stored last; 0 for none.</summary>
    public ulong ExemplarHash { get; set; }

    /// <summary>The start time at which a zero was stored.</summary>
    public long ZeroAtMs { get; set; }
}
