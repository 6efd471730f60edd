using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The pending samples of one appender, in the order in which they came; reused from batch to batch.</summary>
internal sealed class HeadBatch
{
    /// <summary>The most samples that one batch takes; a record of the log holds a whole batch.</summary>
    public const int MaxSamples = 4_000_000;

    /// <summary>Arrays above this size are not kept for the next batch.</summary>
    private const int MaxKeptSamples = 65_536;

    private int[] _slots = new int[64];
    private ulong[] _ids = new ulong[64];
    private long[] _timestamps = new long[64];
    private double[] _values = new double[64];
    private NativeHistogram?[]? _histograms;
    private long[]? _startTimes;

    public int Count { get; private set; }

    public bool IsSmall => _slots.Length <= MaxKeptSamples;

    /// <summary>The slot of each sample's series.</summary>
    public Span<int> Slots => _slots.AsSpan(0, Count);

    /// <summary>The id of each sample's series.</summary>
    public Span<ulong> Ids => _ids.AsSpan(0, Count);

    public ReadOnlySpan<long> Timestamps => _timestamps.AsSpan(0, Count);

    /// <summary>For a histogram its sum.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public bool HasHistograms { get; private set; }

    /// <summary>Whether the log may not know some series.</summary>
    public bool HasNewSeries { get; private set; }

    /// <summary>How often series had left the head when the first series of the batch was looked up.</summary>
    public int Departures { get; set; }

    /// <summary>The head's last commit and the time that samples are in order from, when the first series of the batch was looked
    /// up.</summary>
    public (long LastCommit, long MinValidMs) BegunAt { get; set; }

    public bool HasStartTimes { get; private set; }

    /// <summary>The exemplars that came with the samples; null where there are none.</summary>
    public List<(HeadSeries Series, Exemplar Exemplar)>? Exemplars { get; private set; }

    /// <summary>The numbers of the samples that are out of order, rising; null where there are none.</summary>
    public List<int>? Late { get; private set; }

    public bool IsEmpty => Count == 0 && Exemplars is null;

    public SeriesSample SampleAt(int index) => new(_timestamps[index], _values[index],
        HasHistograms ? _histograms![index] : null, HasStartTimes ? _startTimes![index] : 0);

    /// <summary>The newest pending sample in order of a series, or -1. Where two appenders write one series at the same time it
    /// may be missed; the commit decides on order once more.</summary>
    public int NewestOf(int slot, in SeriesState state)
    {
        // What the series remembers may be of an earlier batch, or of another appender: here a late sample can be at its place.
        var index = state.PendingIndex;
        return (uint)index < (uint)Count && _slots[index] == slot && (Late is null || Late.BinarySearch(index) < 0) ? index : -1;
    }

    /// <summary>Adds a plain number that is newer than every sample of its series, pending ones too; false where it may not be.</summary>
    public bool TryAddNewest(int slot, ref SeriesState state, long timestampMs, double value)
    {
        var count = Count;
        var newest = NewestOf(slot, state);
        if (timestampMs <= (newest < 0 ? Volatile.Read(ref state.LastMs) : _timestamps[newest]) || HasHistograms || HasStartTimes)
        {
            return false;
        }
        if (count == _slots.Length)
        {
            Grow();
        }
        _slots[count] = slot;
        _ids[count] = state.Id;
        _timestamps[count] = timestampMs;
        _values[count] = value;
        state.PendingIndex = count;
        HasNewSeries |= !state.Has(SeriesFlags.IsLogged);
        Count = count + 1;
        return true;
    }

    /// <param name="isLate">Out of order, and within the window for such.</param>
    public void Add(int slot, ref SeriesState state, in SeriesSample sample, bool isLate)
    {
        if (Count == _slots.Length)
        {
            Grow();
        }
        _slots[Count] = slot;
        _ids[Count] = state.Id;
        _timestamps[Count] = sample.TimestampMs;
        _values[Count] = sample.Histogram?.Sum ?? sample.Value;
        if (!sample.IsPlain || HasHistograms || HasStartTimes)
        {
            AddParts(sample);
        }
        HasNewSeries |= !state.Has(SeriesFlags.IsLogged);
        if (isLate)
        {
            (Late ??= []).Add(Count);
        }
        else
        {
            state.PendingIndex = Count;
        }
        Count++;
    }

    /// <summary>Marks as late what was in order when it was accepted and is not any more: another batch was faster, or the window is
    /// being sealed. Whoever sent it is told that it is stored. The caller holds the head's commit lock.</summary>
    public void MarkOvertaken(SeriesTable table, long minValidMs)
    {
        var late = new List<int>();
        for (var i = 0; i < Count; i++)
        {
            ref readonly var state = ref table.StateOf(_slots[i]);
            if (_timestamps[i] < minValidMs || (_timestamps[i] < state.LastMs && !state.Has(SeriesFlags.IsRemoved))
                || Late?.BinarySearch(i) >= 0)
            {
                late.Add(i);
            }
        }
        Late = late.Count == 0 ? null : late;
    }

    public void AddExemplar(HeadSeries series, Exemplar exemplar)
    {
        if (Exemplars?.Count >= MaxSamples)
        {
            throw new InvalidOperationException($"a batch takes at most {MaxSamples} exemplars: commit more often");
        }
        (Exemplars ??= []).Add((series, exemplar));
    }

    public void Clear()
    {
        Exemplars = null;
        Late = null;
        Count = 0;
        HasHistograms = false;
        HasStartTimes = false;
        HasNewSeries = false;
        _histograms = null;
        _startTimes = null;
    }

    private void Grow()
    {
        if (Count >= MaxSamples)
        {
            throw new InvalidOperationException($"a batch takes at most {MaxSamples} samples: commit more often");
        }
        Array.Resize(ref _slots, Count * 2);
        Array.Resize(ref _ids, Count * 2);
        Array.Resize(ref _timestamps, Count * 2);
        Array.Resize(ref _values, Count * 2);
    }

    /// <summary>The optional columns, from the first sample on that needs them.</summary>
    private void AddParts(in SeriesSample sample)
    {
        if (sample.Histogram is not null || HasHistograms)
        {
            HasHistograms = true;
            Array.Resize(ref _histograms, _slots.Length);
            _histograms![Count] = sample.Histogram;
        }
        if (sample.StartTimeMs != 0 || HasStartTimes)
        {
            HasStartTimes = true;
            Array.Resize(ref _startTimes, _slots.Length);
            _startTimes![Count] = sample.StartTimeMs;
        }
    }
}
