using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics.Deletion;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Adds samples to series of the head, and drops them.</summary>
/// <remarks>One at a time, by the holder of the head's commit lock, who holds the lock of the series' page, too. Only the checks need
/// no more than the page's lock.</remarks>
/// <param name="memory">Where the samples go.</param>
/// <param name="windowMs">No chunk crosses a multiple of this length, so that a window can be sealed by whole chunks.</param>
internal sealed class SeriesWriter(SampleMemory memory, long windowMs)
{
    /// <summary>The fewest plain numbers with which a chunk is full.</summary>
    private const int FirstMaxSamples = ChunkPacker.MaxSamples / 2;

    /// <summary>Series are parted by their ids into so many, of which one fills its chunks after the other.</summary>
    public const int FillTurns = ChunkPacker.MaxSamples - FirstMaxSamples;

    /// <summary>More samples than an open chunk ever had; so many fit into one, whatever they are.</summary>
    private const int MaxReopened = 400;

    /// <summary>Of so many numbers one at least needs the last digit, or they are looked at again.</summary>
    private const int MinNeeding = 4;

    private readonly SampleBuffer _samples = new();
    private readonly ByteWriter _packed = new(4096);
    private readonly long[] _timestamps = new long[ChunkPacker.MaxSamples];
    private readonly long[] _wholes = new long[ChunkPacker.MaxSamples];
    private readonly byte[] _bits = new byte[16 * 1024];

    /// <summary>The window (end exclusive) that samples fell into last: nearly always the next does, too.</summary>
    private long _windowStartMs = long.MaxValue;
    private long _windowEndMs = long.MinValue;

    public SampleMemory Memory { get; } = memory;

    public static int FillTurnOf(ulong id) => (int)(id % FillTurns);

    /// <summary>What a sample in order would be now: <see cref="AppendResult.Ok"/> or why not.</summary>
    public static AppendResult Check(SeriesPage page, int index, in SeriesSample sample)
    {
        ref readonly var state = ref page.States[index];
        if (sample.TimestampMs > state.LastMs || !state.HasSamples)
        {
            return AppendResult.Ok;
        }
        if (sample.TimestampMs < state.LastMs || page.PartsOf(index)?.Deleted?.Contains(sample.TimestampMs) == true)
        {
            // One that takes the place of a deleted sample cannot stand behind it.
            return AppendResult.OutOfOrder;
        }
        return sample.IsSameAs(LastHistogram(page, index), BitConverter.UInt64BitsToDouble(state.LastBits))
            ? AppendResult.SameAsStored : AppendResult.DuplicateTimestamp;
    }

    /// <summary>Adds a plain number as part of a commit, if it is still in order.</summary>
    public bool TryAppend(SeriesPage page, int index, long timestampMs, double value, in CommitScope scope)
    {
        ref var state = ref page.States[index];
        if (timestampMs <= state.LastMs && state.HasSamples)
        {
            return false;
        }
        if (state.Has(SeriesFlags.IsMixed | SeriesFlags.IsRemoved))
        {
            return !state.Has(SeriesFlags.IsRemoved)
                && TryAppend(page, index, new SeriesSample(timestampMs, value, null, 0), scope);
        }
        if (state.OpenCount > 0 && IsOtherWindow(state.OpenMinMs, timestampMs))
        {
            CloseChunk(page, index);
        }
        AppendPlain(page, index, timestampMs, value);
        page.CountSample(ref state, index, scope);
        if (state.OpenCount >= FirstMaxSamples && state.OpenCount >= MaxSamples(state))
        {
            CloseChunk(page, index);
        }
        return true;
    }

    /// <summary>Adds a sample of any kind as part of a commit, if it is still in order.</summary>
    public bool TryAppend(SeriesPage page, int index, in SeriesSample sample, in CommitScope scope)
    {
        ref var state = ref page.States[index];
        if (Check(page, index, sample) != AppendResult.Ok)
        {
            return false;
        }
        if (sample.IsPlain && !state.Has(SeriesFlags.IsMixed))
        {
            return TryAppend(page, index, sample.TimestampMs, sample.Value, scope);
        }
        var hint = sample.Histogram is { } next ? HistogramContinuity.HintOf(next, LastHistogram(page, index)) : default;
        if (state.OpenCount > 0 && (!state.Has(SeriesFlags.IsMixed) || IsFull(page.PartsOf(index)!.Mixed!)
            || IsOtherWindow(state.OpenMinMs, sample.TimestampMs)))
        {
            CloseChunk(page, index);
        }
        if (state.OpenCount == 0 && sample.IsPlain)
        {
            return TryAppend(page, index, sample.TimestampMs, sample.Value, scope);
        }
        AppendMixed(page, index, sample, hint);
        page.CountSample(ref state, index, scope);
        return true;
    }

    /// <summary>Puts a full chunk back as a checkpoint kept it.</summary>
    public void Restore(SeriesPage page, int index, HeadChunk chunk)
    {
        CloseChunk(page, index);
        ref var state = ref page.States[index];
        Memory.AddFull(ref state, Memory.Chunks.Append(chunk.Kind, chunk.Count, chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Bytes));
        state.LastMs = chunk.MaxTimeMs;
    }

    /// <summary>Puts a full chunk back that is in a file; false where the file is not there, or ends before it.</summary>
    public bool Adopt(SeriesPage page, int index, in ChunkPlace chunk, double lastValue)
    {
        if (!Memory.Chunks.Adopt(chunk))
        {
            return false;
        }
        CloseChunk(page, index);
        ref var state = ref page.States[index];
        Memory.AddFull(ref state, chunk);
        state.LastMs = chunk.MaxTimeMs;
        state.LastBits = BitConverter.DoubleToUInt64Bits(lastValue);
        return true;
    }

    /// <summary>Packs the newest chunk of a checkpoint anew, so that it goes on where it was.</summary>
    public void Reopen(SeriesPage page, int index, HeadChunk chunk)
    {
        _samples.Clear();
        chunk.ReadRange(chunk.Count, long.MinValue, long.MaxValue, _samples);
        var isPlain = !_samples.HasHistograms && !_samples.HasStartTimes;
        if (isPlain && _samples.Count > MaxReopened)
        {
            Restore(page, index, chunk);
            page.States[index].LastBits = BitConverter.DoubleToUInt64Bits(_samples.Values[^1]);
            return;
        }
        CloseChunk(page, index);
        for (var i = 0; i < _samples.Count; i++)
        {
            var sample = _samples.SampleAt(i);
            if (isPlain)
            {
                AppendPlain(page, index, sample.TimestampMs, sample.Value);
            }
            else
            {
                AppendMixed(page, index, sample, sample.Histogram?.ResetHint ?? default);
            }
        }
    }

    /// <summary>What a sample that is out of order would be.</summary>
    public static AppendResult CheckLate(SeriesPage page, int index, in SeriesSample sample) =>
        page.PartsOf(index)?.Late?.Check(sample) ?? AppendResult.Ok;

    /// <summary>Adds a sample that is out of order as part of a commit.</summary>
    public static bool TryAppendLate(SeriesPage page, int index, in SeriesSample sample, long commit)
    {
        if (CheckLate(page, index, sample) != AppendResult.Ok)
        {
            return false;
        }
        var parts = page.MakeParts(index);
        (parts.Late ??= new LateSamples()).Add(sample, commit);
        return true;
    }

    /// <summary>Hides the samples of a range, from every view. Those in order stay where they are, those that came late go: what
    /// comes late from now on is not deleted.</summary>
    /// <returns>How many samples that came late have gone.</returns>
    public static int Hide(SeriesPage page, int index, TimeRange range)
    {
        var parts = page.MakeParts(index);
        parts.Deleted = parts.Deleted?.With(range) ?? new TimeRanges(range);
        var lateBefore = parts.Late?.Count ?? 0;
        parts.Late = parts.Late?.Without(range);
        return lateBefore - (parts.Late?.Count ?? 0);
    }

    /// <summary>Drops every chunk that ends before <paramref name="beforeMs"/>; answers whether any sample is left.</summary>
    /// <param name="lateFromMs">Of the samples that came late only those from this time on are dropped, as far as
    /// <paramref name="lateCommit"/> could see them.</param>
    public bool DropBefore(SeriesPage page, int index, long beforeMs, long lateFromMs, long lateCommit)
    {
        if (page.PartsOf(index) is { } parts)
        {
            parts.Late = parts.Late?.Without(lateFromMs, beforeMs, lateCommit);
            parts.Deleted = parts.Deleted?.EndingAtOrAfter(beforeMs);
            page.TrimParts(index);
        }
        ref var state = ref page.States[index];
        var full = Memory.FullOf(state);
        var drop = 0;
        while (drop < full.Length && full[drop].MaxTimeMs < beforeMs)
        {
            drop++;
        }
        Memory.DropFull(ref state, drop);
        if (state.FullCount == 0 && state.LastMs < beforeMs)
        {
            ResetOpen(page, index);
            state.LastMs = long.MinValue;
        }
        return state.HasSamples || page.PartsOf(index)?.Late is not null;
    }

    /// <summary>Drops every sample.</summary>
    public void DropAll(SeriesPage page, int index)
    {
        ref var state = ref page.States[index];
        Memory.DropFull(ref state, state.FullCount);
        ResetOpen(page, index);
        state.LastMs = long.MinValue;
    }

    /// <summary>With how many plain numbers a chunk is full. The first of a series is so with fewer, with more or less of them by its id: so
    /// series that began together do not all fill their chunks together.</summary>
    private static int MaxSamples(in SeriesState state) =>
        state.FullCount > 0 ? ChunkPacker.MaxSamples : FirstMaxSamples + FillTurnOf(state.Id);

    private static NativeHistogram? LastHistogram(SeriesPage page, int index) => page.PartsOf(index)?.Mixed?.LastHistogram;

    private static bool IsFull(MixedChunkWriter mixed) => mixed.Count >= ChunkPacker.MaxSamples || mixed.SizeBytes >= ChunkPacker.MaxMixedBytes;

    private static void AppendMixed(SeriesPage page, int index, in SeriesSample sample, CounterResetHint hint)
    {
        ref var state = ref page.States[index];
        var parts = page.MakeParts(index);
        if (parts.Mixed is null)
        {
            parts.Mixed = new MixedChunkWriter();
            state.OpenMinMs = sample.TimestampMs;
            state.Flags |= SeriesFlags.IsMixed;
        }
        parts.Mixed.Append(sample, hint);
        state.OpenCount++;
        state.LastMs = sample.TimestampMs;
        state.LastBits = BitConverter.DoubleToUInt64Bits(sample.Value);
    }

    private void AppendPlain(SeriesPage page, int index, long timestampMs, double value)
    {
        ref var state = ref page.States[index];
        if (state.OpenCount == 0)
        {
            state.Set(SeriesFlags.IsStepped, !state.Has(SeriesFlags.PrefersXor) && StepCell.Suits(value));
        }
        if (state.Has(SeriesFlags.IsStepped))
        {
            if (StepCell.TryAppend(ref state, Memory.Cells, timestampMs, value))
            {
                return;
            }
            CloseChunk(page, index);
            state.Set(SeriesFlags.IsStepped, false);
            state.Flags |= SeriesFlags.PrefersXor;
        }
        XorCell.Append(ref state, Memory.Cells, timestampMs, value);
    }

    private bool IsOtherWindow(long earlierMs, long laterMs)
    {
        if (earlierMs >= _windowStartMs && laterMs < _windowEndMs)
        {
            return false;
        }
        if (laterMs >= _windowEndMs || laterMs < _windowStartMs)
        {
            _windowStartMs = TimeWindow.Start(laterMs, windowMs);
            _windowEndMs = TimeWindow.End(laterMs, windowMs);
        }
        return earlierMs < _windowStartMs || laterMs >= _windowEndMs;
    }

    /// <summary>Packs the open chunk as it is kept from now on: numbers by columns, which are read faster, unless that takes more.</summary>
    private void CloseChunk(SeriesPage page, int index)
    {
        ref var state = ref page.States[index];
        if (state.OpenCount == 0)
        {
            return;
        }
        var kind = ChunkKind.Mixed;
        ReadOnlySpan<byte> bytes;
        if (page.PartsOf(index)?.Mixed is { } mixed)
        {
            bytes = mixed.Buffer.AsSpan(0, mixed.SizeBytes);
        }
        else
        {
            bytes = Pack(state, out kind);
        }
        Memory.AddFull(ref state, Memory.Chunks.Append(kind, state.OpenCount, state.OpenMinMs, state.LastMs, bytes));
        ResetOpen(page, index);
        state.Flags &= ~SeriesFlags.PrefersXor;
    }

    private ReadOnlySpan<byte> Pack(in SeriesState state, out ChunkKind kind)
    {
        var bits = _bits.AsSpan(0, OpenCell.SizeBytes(state));
        OpenCell.CopyTo(state, Memory.Cells, bits);
        if (state.OpenCount >= ChunkPacker.MinVectorSamples)
        {
            _packed.Clear();
            PackColumns(state, bits);
            if (_packed.Length <= (state.OpenKind == ChunkKind.Xor ? bits.Length : bits.Length * 5 / 4))
            {
                kind = ChunkKind.Vector;
                return _packed.Written;
            }
        }
        kind = state.OpenKind;
        return bits;
    }

    private void PackColumns(in SeriesState state, ReadOnlySpan<byte> bits)
    {
        int count = state.OpenCount;
        if (state.OpenKind == ChunkKind.Step && count <= _wholes.Length)
        {
            // That the numbers are decimals, and of how many digits, was found out sample by sample.
            var timestamps = _timestamps.AsSpan(0, count);
            var wholes = _wholes.AsSpan(0, count);
            if (StepChunkReader.TryReadWholes(bits, timestamps, wholes, out var exponent) && NeedsExponent(wholes, exponent))
            {
                VectorChunk.WriteWholes(timestamps, wholes, exponent, _packed);
                return;
            }
        }
        _samples.Clear();
        ChunkReader.ReadRange(state.OpenKind, bits, count, long.MinValue, long.MaxValue, _samples);
        VectorChunk.Write(_samples.Timestamps, _samples.Values, _packed);
    }

    /// <summary>Where nearly all numbers are of fewer digits, those that are not are better exceptions.</summary>
    private static bool NeedsExponent(ReadOnlySpan<long> wholes, int exponent)
    {
        var needing = 0;
        for (var i = 0; exponent > 0 && i < wholes.Length; i++)
        {
            needing += wholes[i] % 10 == 0 ? 0 : 1;
        }
        return exponent == 0 || needing * MinNeeding > wholes.Length;
    }

    private void ResetOpen(SeriesPage page, int index)
    {
        ref var state = ref page.States[index];
        OpenCell.Reset(ref state, Memory.Cells);
        if (state.Has(SeriesFlags.IsMixed))
        {
            page.PartsOf(index)!.Mixed = null;
            state.Flags &= ~SeriesFlags.IsMixed;
            page.TrimParts(index);
        }
    }
}
