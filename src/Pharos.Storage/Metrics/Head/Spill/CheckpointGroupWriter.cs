using System.IO.Compression;
using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>Collects some series of a checkpoint into one record: their labels with each text once, and where their chunks are.</summary>
/// <remarks>A record stands for itself, so that damage costs no more than its series. docs/formats/metric-wal.md has the bytes.
/// Compressed by Brotli, which the runtime brings as native code: nothing is to be compiled at the start.</remarks>
internal sealed class CheckpointGroupWriter(LabelIndex index)
{
    public const int MaxSeries = 256;

    private const int Quality = 4;
    private const int Window = 18;

    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, int> _pairs = [];
    private readonly ByteWriter _textBytes = new();
    private readonly ByteWriter _pairBytes = new();
    private readonly ByteWriter _labelBytes = new();
    private readonly ByteWriter _chunkBytes = new();
    private readonly ByteWriter _raw = new(16 * 1024);
    private readonly long[] _ids = new long[MaxSeries];
    private readonly double[] _lastValues = new double[MaxSeries];
    private readonly ChunkGuess _guess = new();
    private int _seriesCount;

    public bool IsEmpty => _seriesCount == 0;

    public bool IsFull => _seriesCount == MaxSeries;

    /// <param name="pairs">The numbers of its label pairs, in the order of its labels.</param>
    /// <param name="lastBits">The newest value, which a sample of the same time is compared with.</param>
    /// <param name="chunks">The oldest first.</param>
    public void Add(ulong id, ReadOnlySpan<uint> pairs, ulong lastBits, ReadOnlySpan<(ChunkPlace Place, bool IsOpen)> chunks)
    {
        _ids[_seriesCount] = (long)id;
        _lastValues[_seriesCount++] = BitConverter.UInt64BitsToDouble(lastBits);
        _labelBytes.UVarint((ulong)pairs.Length);
        foreach (var pair in pairs)
        {
            _labelBytes.UVarint((ulong)NumberOf(pair));
        }
        _chunkBytes.UVarint((ulong)chunks.Length);
        _guess.Begin(id, chunks.Length);
        for (var i = 0; i < chunks.Length; i++)
        {
            _guess.Write(i, chunks[i].Place, chunks[i].IsOpen, _chunkBytes);
        }
    }

    /// <summary>Writes the record and begins the next.</summary>
    public void WriteRecord(ByteWriter into)
    {
        _raw.Clear();
        _raw.UVarint((ulong)_texts.Count);
        _raw.Bytes(_textBytes.Written);
        _raw.UVarint((ulong)_pairs.Count);
        _raw.Bytes(_pairBytes.Written);
        _raw.UVarint((ulong)_seriesCount);
        Span<ulong> scratch = stackalloc ulong[MaxSeries];
        Span<long> room = stackalloc long[MaxSeries];
        SteppedColumn.Write(_ids.AsSpan(0, _seriesCount), room, scratch, _raw);
        ShortDecimals.Write(_lastValues.AsSpan(0, _seriesCount), _raw);
        _raw.Bytes(_labelBytes.Written);
        _raw.Bytes(_chunkBytes.Written);

        into.Clear();
        into.U8(HeadRecord.CheckpointGroup);
        into.UVarint((ulong)_raw.Length);
        var packed = into.Reserve(BrotliEncoder.GetMaxCompressedLength(_raw.Length));
        into.Advance(BrotliEncoder.TryCompress(_raw.Written, packed, out var size, Quality, Window) ? size
            : throw new InvalidOperationException("a buffer of the largest size was too small"));
        Clear();
    }

    private void Clear()
    {
        _texts.Clear();
        _pairs.Clear();
        _textBytes.Clear();
        _pairBytes.Clear();
        _labelBytes.Clear();
        _chunkBytes.Clear();
        _guess.Clear();
        _seriesCount = 0;
    }

    private int NumberOf(uint pair)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out var isKnown);
        if (!isKnown)
        {
            number = _pairs.Count - 1;
            var label = index[pair];
            _pairBytes.UVarint((ulong)NumberOf(label.Name));
            _pairBytes.UVarint((ulong)NumberOf(label.Value));
        }
        return number;
    }

    private int NumberOf(string text)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out var isKnown);
        if (!isKnown)
        {
            number = _texts.Count - 1;
            _textBytes.Text(text);
        }
        return number;
    }
}
