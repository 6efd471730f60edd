using System.IO.Compression;
using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Files;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>Some series of a checkpoint, as a record of it has them.</summary>
internal sealed class CheckpointGroup
{
    /// <summary>Bounds what a damaged size can make a reader allocate.</summary>
    private const int MaxRawBytes = 256 * 1024 * 1024;

    /// <summary>A first guess.</summary>
    private const int PairsPerSeries = 10;

    private readonly Label[] _pairs;
    private readonly int[] _pairEnds;
    private readonly int[] _seriesPairs;
    private readonly byte[] _raw;
    private readonly int _chunksAt;
    private readonly string _file;
    private readonly long _fileOffset;

    private CheckpointGroup(byte[] raw, string file, long fileOffset)
    {
        (_raw, _file, _fileOffset) = (raw, file, fileOffset);
        var from = new ByteReader(raw, file, fileOffset);
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
        _pairEnds = new int[count];
        var pairs = new List<int>(count * PairsPerSeries);
        for (var i = 0; i < count; i++)
        {
            for (var left = from.Count(); left > 0; left--)
            {
                pairs.Add(Below(ref from, _pairs.Length));
            }
            _pairEnds[i] = pairs.Count;
        }
        _seriesPairs = [.. pairs];
        _chunksAt = from.Position;
        LabelHashes = HashLabels();
    }

    public ulong[] Ids { get; }

    public double[] LastValues { get; }

    /// <summary>The hash of each series' label set.</summary>
    public int[] LabelHashes { get; }

    /// <summary>Every label of the group once.</summary>
    public ReadOnlySpan<Label> Pairs => _pairs;

    /// <summary>A series' labels, by their places in <see cref="Pairs"/>.</summary>
    public ReadOnlySpan<int> PairsOf(int series) => _seriesPairs.AsSpan((series == 0 ? 0 : _pairEnds[series - 1]).._pairEnds[series]);

    /// <summary>The places of the chunks: of each series how many (uvarint), then each by a <see cref="ChunkGuess"/>.</summary>
    public ByteReader Chunks() => new(_raw, _file, _fileOffset) { Position = _chunksAt };

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
        return new CheckpointGroup(raw, from.File, from.FileOffset);
    }

    private int[] HashLabels()
    {
        var ofPairs = Array.ConvertAll(_pairs, static pair => LabelSet.HashesOf(pair));
        var hashes = new int[Ids.Length];
        for (var i = 0; i < hashes.Length; i++)
        {
            var hash = default(HashCode);
            foreach (var pair in PairsOf(i))
            {
                hash.Add(ofPairs[pair].Name);
                hash.Add(ofPairs[pair].Value);
            }
            hashes[i] = LabelSet.HashOf(hash);
        }
        return hashes;
    }

    private static int Below(ref ByteReader from, int count)
    {
        var number = from.UVarint();
        return number < (ulong)count ? (int)number : throw from.Corrupt($"number {number} of {count}");
    }
}
