using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

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

    /// <summary>The last scrape that is answerable for the series' end, and the one before that.</summary>
    public long TrackedIn { get; set; }

    public long TrackedBefore { get; set; }

    /// <summary>Place among the series in the order of the exposition, for guessing the next one.</summary>
    public CachedSeries? Follower { get; set; }

    /// <summary>The next entry with the same hash.</summary>
    public CachedSeries? Chain { get; set; }
}
