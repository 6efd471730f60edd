using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>One series of the head, all but what few series have.</summary>
/// <remarks>Stands in an array of its page and holds no references, so that a million series are no work for the collector.
/// What each sample touches comes first. Changed under the lock of its page; <see cref="LastMs"/> is read without.</remarks>
internal struct SeriesState
{
    /// <summary>The time of the newest sample in order; <see cref="long.MinValue"/> where there is none.</summary>
    public long LastMs;

    /// <summary>The bits of the newest number in order; of a histogram those of its sum.</summary>
    public ulong LastBits;

    /// <summary>The distance of the open chunk's last two samples.</summary>
    public long LastDelta;
    public long OpenMinMs;

    /// <summary>The bits of the open chunk that do not make a whole word yet, highest first.</summary>
    public ulong Tail;

    /// <summary>0 where the slot is free, or waits to be.</summary>
    public ulong Id;

    /// <summary>The cell of the open chunk's whole words.</summary>
    public uint OpenPlace;

    /// <summary>Where an appender noted its newest pending sample of this series. Any appender overwrites it, so whoever reads it
    /// checks that the entry is its own.</summary>
    public int PendingIndex;

    /// <summary>How many bits the open chunk has behind its first timestamp.</summary>
    public ushort OpenBits;
    public ushort OpenCount;

    private byte _first;
    private byte _second;
    public SeriesFlags Flags;

    /// <summary>The newest commit that added samples, and how many; older ones are in the page where a view may ask.</summary>
    public long LastCommit;
    public int LastCommitSamples;

    /// <summary>The cell of the full chunks' places, the oldest first.</summary>
    public uint FullPlace;
    public int FullCount;

    /// <summary>The cell of the numbers of the series' label pairs.</summary>
    public uint PairsPlace;
    public int PairCount;
    public int LabelHash;

    /// <summary>Of XOR: the window of the last value that changed has so many zeros before its bits.</summary>
    public byte Leading
    {
        readonly get => _first;
        set => _first = value;
    }

    /// <summary>Of XOR: so many behind them.</summary>
    public byte Trailing
    {
        readonly get => _second;
        set => _second = value;
    }

    /// <summary>Of steps: the power of ten that whole numbers are divided by.</summary>
    public byte Exponent
    {
        readonly get => _first;
        set => _first = value;
    }

    /// <summary>Of steps: how many numbers were none of few decimals.</summary>
    public byte RawCount
    {
        readonly get => _second;
        set => _second = value;
    }

    /// <summary>What the open chunk is, as far as it is one of plain numbers.</summary>
    public readonly ChunkKind OpenKind => Has(SeriesFlags.IsStepped) ? ChunkKind.Step : ChunkKind.Xor;

    public readonly bool HasSamples => OpenCount > 0 || FullCount > 0;

    public readonly bool Has(SeriesFlags flags) => (Flags & flags) != 0;

    public void Set(SeriesFlags flags, bool isSet) => Flags = isSet ? Flags | flags : Flags & ~flags;
}
