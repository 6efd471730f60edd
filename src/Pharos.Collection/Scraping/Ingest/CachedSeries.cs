using System.Runtime.InteropServices;
using Pharos.Collection.Hashing;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>What a target's scrape cache knows of one exposed series text, in 32 bytes.</summary>
/// <remarks>Scrapes are told by their numbers, from 1 on.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct CachedSeries(TextHash hash, bool isDropped)
{
    // The marks stand in the lower bits, above them the number of the scrape that last took a sample, as far as it fits: a series that
    // no scrape tracks leaves the cache long before a number comes again.
    private const int TrackedShift = 5;
    private const uint Dropped = 1;
    private const uint Histogram = 2;
    private const uint Known = 4;
    private const uint Referred = 8;
    private const uint Particulars = 16;

    private uint _tracked = isDropped ? Dropped : 0;

    /// <summary>Of the text.</summary>
    public readonly TextHash Hash = hash;

    /// <summary>The store's reference, 0 where there is none yet.</summary>
    public ulong Reference { get; set; }

    /// <summary>The scrape that last held the text.</summary>
    public int SeenIn { get; set; }

    /// <summary>Metric relabeling drops the series.</summary>
    public readonly bool IsDropped => (_tracked & Dropped) != 0;

    public bool IsHistogram
    {
        readonly get => (_tracked & Histogram) != 0;
        set => Mark(Histogram, value);
    }

    /// <summary>A sample of it was stored, and no good scrape has missed it since: it does not count as added.</summary>
    public bool IsKnown
    {
        readonly get => (_tracked & Known) != 0;
        set => Mark(Known, value);
    }

    /// <summary>The batch of the current scrape gave out the reference.</summary>
    public bool IsReferred
    {
        readonly get => (_tracked & Referred) != 0;
        set => Mark(Referred, value);
    }

    /// <summary>Known, and nothing else is to be said of it.</summary>
    public readonly bool IsPlain => (_tracked & ((1 << TrackedShift) - 1)) == Known;

    /// <summary>The cache keeps <see cref="SeriesParticulars"/> of it.</summary>
    public bool HasParticulars
    {
        readonly get => (_tracked & Particulars) != 0;
        set => Mark(Particulars, value);
    }

    /// <summary>Whether this was the last scrape, good or bad, that took a sample of the series and so is answerable for its end.</summary>
    public readonly bool IsTrackedIn(int scrape) => scrape > 0 && _tracked >> TrackedShift == (uint)scrape << TrackedShift >> TrackedShift;

    public void Track(int scrape) => _tracked = (_tracked & ((1 << TrackedShift) - 1)) | ((uint)scrape << TrackedShift);

    private void Mark(uint mark, bool value) => _tracked = value ? _tracked | mark : _tracked & ~mark;
}
