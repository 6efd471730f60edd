using Pharos.Storage.Encoding;
using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>One series of the head, by slot and id: a way to ask the table about it.</summary>
/// <remarks>Every question takes the lock of the series' page. A series that has left the head, so that its slot serves another, has
/// no samples.</remarks>
internal readonly record struct HeadSeries(SeriesTable Table, int Slot, ulong Id)
{
    private SeriesPage Page => Table.PageOf(Slot);

    private int Index => SeriesTable.IndexOf(Slot);

    private SampleMemory Memory => Table.Writer.Memory;

    /// <summary>Whether the log and the index know the series. Guarded by the head's commit lock.</summary>
    public bool IsLogged => Table.StateOf(Slot).Has(SeriesFlags.IsLogged);

    /// <summary>The caller knows that the series is not freed: it has an open batch, or does the head's upkeep.</summary>
    public LabelSet Labels => Table.LabelsAt(Slot);

    /// <summary>The numbers of its label pairs, as <see cref="Labels"/>.</summary>
    public ReadOnlySpan<uint> Pairs => Table.PairsAt(Slot);

    /// <summary>A chunk of it is not there any more, which the newest value may have been in. At the start only.</summary>
    public void NoteLost() => Table.StateOf(Slot).Set(SeriesFlags.HasLost, true);

    /// <summary>Whether some of it is, or was, deleted.</summary>
    public bool HasDeleted => Ask(static (page, index) => page.PartsOf(index)?.Deleted is not null);

    public bool HasLate => Ask(static (page, index) => page.PartsOf(index)?.Late is not null);

    public bool IsEmpty => !Ask(static (page, index) => page.States[index].HasSamples || page.PartsOf(index)?.Late is not null);

    /// <summary>The part of a range that the series has samples in; null for none. What comes later, and in order, is not in
    /// it.</summary>
    public TimeRange? DeletableIn(long minTimeMs, long maxTimeMs) =>
        Extent(out var firstMs, out var lastMs, out _) && firstMs <= maxTimeMs && lastMs >= minTimeMs
            ? new TimeRange(Math.Max(minTimeMs, firstMs), Math.Min(maxTimeMs, lastMs)) : null;

    /// <summary>The series as a commit sees it; to be disposed.</summary>
    public HeadSeriesView View(long commit)
    {
        lock (Page.Lock)
        {
            return IsHere ? new HeadSeriesView(Memory, Page, Index, commit) : default;
        }
    }

    /// <summary>Whether a chunk, or a late sample, that a commit sees overlaps the range.</summary>
    /// <param name="inOrderFromMs">Before this time only samples that came late count.</param>
    public bool HasChunkIn(long commit, long inOrderFromMs, long minTimeMs, long maxTimeMs)
    {
        lock (Page.Lock)
        {
            return IsHere && HasChunkInLocked(commit, inOrderFromMs, minTimeMs, maxTimeMs);
        }
    }

    /// <summary>The labels of a series that may have left; null where it has.</summary>
    public LabelSet? LabelsIfHere()
    {
        lock (Page.Lock)
        {
            return IsHere ? Table.LabelsAt(Slot) : null;
        }
    }

    /// <summary>Takes the labels of a series that may have left; false where it has.</summary>
    public bool TryNumberLabels(PairNumbers into)
    {
        lock (Page.Lock)
        {
            if (!IsHere)
            {
                return false;
            }
            into.Add(Table.PairsAt(Slot));
            return true;
        }
    }

    /// <summary>The newest sample that a commit sees; false where it may be another than the one that the series' state has, and is to
    /// be looked for.</summary>
    /// <param name="inOrderFromMs">What lies before is to be looked for elsewhere.</param>
    public bool TryNewest(long commit, long inOrderFromMs, out long timestampMs, out double value)
    {
        timestampMs = 0;
        value = 0;
        lock (Page.Lock)
        {
            if (!IsHere)
            {
                return false;
            }
            ref readonly var state = ref Page.States[Index];
            var isPlain = state.HasSamples && !state.Has(SeriesFlags.HasParts | SeriesFlags.HasLost)
                && (state.OpenCount > 0 || Memory.FullOf(state)[^1].Kind != ChunkKind.Mixed);
            if (!isPlain || state.LastMs < inOrderFromMs || Page.HiddenFrom(state, Index, commit) > 0)
            {
                return false;
            }
            timestampMs = state.LastMs;
            value = BitConverter.UInt64BitsToDouble(state.LastBits);
            return true;
        }
    }

    /// <summary>The inclusive times of the first and last sample; false for a series without any.</summary>
    public bool Extent(out long minTimeMs, out long maxTimeMs, out int chunkCount)
    {
        minTimeMs = long.MaxValue;
        maxTimeMs = long.MinValue;
        chunkCount = 0;
        lock (Page.Lock)
        {
            if (!IsHere)
            {
                return false;
            }
            ref readonly var state = ref Page.States[Index];
            chunkCount = state.FullCount + (state.OpenCount > 0 ? 1 : 0);
            if (state.HasSamples)
            {
                minTimeMs = state.FullCount > 0 ? Memory.FullOf(state)[0].MinTimeMs : state.OpenMinMs;
                maxTimeMs = state.LastMs;
            }
            foreach (var (sample, _) in Page.PartsOf(Index)?.Late?.At(long.MaxValue) ?? LateSamples.None)
            {
                minTimeMs = Math.Min(minTimeMs, sample.TimestampMs);
                maxTimeMs = Math.Max(maxTimeMs, sample.TimestampMs);
            }
            return minTimeMs <= maxTimeMs;
        }
    }

    /// <summary>The time of the oldest sample from a time on, or the largest number where there is none. A chunk that begins
    /// before counts as beginning there.</summary>
    public long FirstTimeFrom(long fromMs)
    {
        lock (Page.Lock)
        {
            if (!IsHere)
            {
                return long.MaxValue;
            }
            ref readonly var state = ref Page.States[Index];
            var first = !state.HasSamples ? long.MaxValue
                : Math.Max(fromMs, state.FullCount > 0 ? Memory.FullOf(state)[0].MinTimeMs : state.OpenMinMs);
            foreach (var (sample, _) in Page.PartsOf(Index)?.Late?.At(long.MaxValue) ?? LateSamples.None)
            {
                if (sample.TimestampMs >= fromMs)
                {
                    first = Math.Min(first, sample.TimestampMs);
                }
            }
            return first;
        }
    }

    /// <summary>Whether the slot is still this series'. The caller holds the page's lock.</summary>
    private bool IsHere => Page.States[Index].Id == Id;

    private bool Ask(Func<SeriesPage, int, bool> question)
    {
        lock (Page.Lock)
        {
            return IsHere && question(Page, Index);
        }
    }

    private bool HasChunkInLocked(long commit, long inOrderFromMs, long minTimeMs, long maxTimeMs)
    {
        foreach (var (sample, _) in Page.PartsOf(Index)?.Late?.At(commit) ?? LateSamples.None)
        {
            if (sample.TimestampMs >= minTimeMs && sample.TimestampMs <= maxTimeMs)
            {
                return true;
            }
        }
        minTimeMs = Math.Max(minTimeMs, inOrderFromMs);
        ref readonly var state = ref Page.States[Index];

        // Most often the newest samples are asked for, and seen: then nothing else of the series is looked at.
        if (state.OpenCount > 0 && state.OpenMinMs <= maxTimeMs && state.LastMs >= minTimeMs && state.LastCommit <= commit)
        {
            return true;
        }
        var left = HeadSeriesView.VisibleCount(Memory, Page, Index, commit);
        foreach (ref readonly var chunk in Memory.FullOf(state))
        {
            if (left <= 0)
            {
                return false;
            }
            if (chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs)
            {
                return true;
            }
            left -= chunk.Count;
        }
        return left > 0 && state.OpenCount > 0 && state.OpenMinMs <= maxTimeMs && state.LastMs >= minTimeMs;
    }
}
