using System.IO.Compression;
using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>Some series of a checkpoint, as a record of it has them.</summary>
internal sealed class CheckpointGroup
{
    /// <summary>Bounds what a damaged size can make a reader allocate.</summary>
    private const int MaxRawBytes = 256 * 1024 * 1024;

    private readonly Label[] _pairs;
    private readonly int[] _pairEnds;
    private readonly int[] _seriesPairs;
    private readonly int[] _chunkEnds;
    private readonly (ChunkPlace Place, bool IsOpen)[] _chunks;

    private CheckpointGroup(ref ByteReader from)
    {
        var texts = new string[from.Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = from.Text();
        }
        _pairs = new Label[from.Count(minBytesEach: 2)];
        for (var i = 0; i < _pairs.Length; i++)
        {
            _pairs[i] = new Label(texts[Below(ref from, texts.Length)], texts[Below(ref from, texts.Length)]);
        }
        var count = from.Count(minBytesEach: 2);
        Ids = new ulong[count];
        LastValues = new double[count];
        if (count > 0)
        {
            SteppedColumn.Read(ref from, MemoryMarshal.Cast<ulong, long>(Ids.AsSpan()));
            ShortDecimals.Read(ref from, LastValues);
        }
        (_pairEnds, _chunkEnds) = (new int[count], new int[count]);
        var pairs = new List<int>(count * 8);
        for (var i = 0; i < count; i++)
        {
            for (var left = from.Count(); left > 0; left--)
            {
                pairs.Add(Below(ref from, _pairs.Length));
            }
            _pairEnds[i] = pairs.Count;
        }
        _seriesPairs = [.. pairs];
        var chunks = new List<(ChunkPlace, bool)>(count * 4);
        var guess = new ChunkGuess();
        for (var i = 0; i < count; i++)
        {
            var chunkCount = from.Count(minBytesEach: 2);
            guess.Begin(Ids[i], chunkCount);
            for (var age = 0; age < chunkCount; age++)
            {
                var place = guess.Read(age, ref from, out var isOpen);
                chunks.Add((place, isOpen));
            }
            _chunkEnds[i] = chunks.Count;
        }
        _chunks = [.. chunks];
    }

    public ulong[] Ids { get; }

    public double[] LastValues { get; }

    /// <summary>Every label of the group once.</summary>
    public ReadOnlySpan<Label> Pairs => _pairs;

    /// <summary>A series' labels, by their places in <see cref="Pairs"/>.</summary>
    public ReadOnlySpan<int> PairsOf(int series) => _seriesPairs.AsSpan((series == 0 ? 0 : _pairEnds[series - 1]).._pairEnds[series]);

    /// <summary>A series' chunks, the oldest first.</summary>
    public ReadOnlySpan<(ChunkPlace Place, bool IsOpen)> ChunksOf(int series) =>
        _chunks.AsSpan((series == 0 ? 0 : _chunkEnds[series - 1]).._chunkEnds[series]);

    public LabelSet LabelsOf(int series)
    {
        var places = PairsOf(series);
        var labels = new Label[places.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = _pairs[places[i]];
        }
        return new LabelSet(labels);
    }

    /// <summary>Reads a record behind its type.</summary>
    /// <exception cref="CorruptFileException">The record contradicts itself.</exception>
    public static CheckpointGroup Read(ref ByteReader from)
    {
        var size = from.UVarint();
        var packed = from.Take(from.Remaining);
        if (size > MaxRawBytes)
        {
            throw from.Corrupt($"a record that unpacks to {size} bytes");
        }
        var raw = new byte[size];
        if (!BrotliDecoder.TryDecompress(packed, raw, out var unpacked) || unpacked != raw.Length)
        {
            throw from.Corrupt("a record that does not unpack");
        }
        var reader = new ByteReader(raw, from.File, from.FileOffset);
        return new CheckpointGroup(ref reader);
    }

    private static int Below(ref ByteReader from, int count)
    {
        var number = from.UVarint();
        return number < (ulong)count ? (int)number : throw from.Corrupt($"number {number} of {count}");
    }
}
