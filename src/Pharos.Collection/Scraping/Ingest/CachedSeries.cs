using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>What a target's scrape cache knows of one exposed series text.</summary>
internal sealed class CachedSeries(byte[] text, ulong hash, LabelSet? labels)
{
    public byte[] Text { get; } = text;

    public ulong Hash { get; } = hash;

    /// <summary>Null where metric relabeling drops the series.</summary>
    public LabelSet? Labels { get; } = labels;

    /// <summary>The store's reference, 0 where there is none yet.</summary>
    public ulong Reference { get; set; }

    /// <summary>The scrape, by number, that last held the text.</summary>
    public long SeenIn { get; set; }

    /// <summary>The last scrape, good or bad, that took a sample of it and so is answerable for its end.</summary>
    public long TrackedIn { get; set; }

    /// <summary>The scrape whose batch gave out the reference.</summary>
    public long ReferredIn { get; set; }

    /// <summary>The exemplars that were stored last; 0 for none.</summary>
    public ulong ExemplarHash { get; set; }

    /// <summary>The start time at which a zero was stored.</summary>
    public long ZeroAtMs { get; set; }

    public bool IsHistogram { get; set; }

    /// <summary>A sample of it was stored, and no good scrape has missed it since: it does not count as added.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Place among the series in the order of the exposition, for guessing the next one.</summary>
    public CachedSeries? Follower { get; set; }

    /// <summary>The next entry with the same hash.</summary>
    public CachedSeries? Chain { get; set; }
}
