using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>A sealed block, open for reading. Never changes.</summary>
/// <remarks>Thread-safe. The index is in memory, checked when the block was opened; chunks are read from the file and
/// checked at each read. Closed when the last holder releases it: opening holds it once, for the store.</remarks>
internal sealed class MetricBlock
{
    private const int SectionCount = 4;
    private const int MinContentsBytes = 133;

    private readonly IReadFile _file;
    private readonly string[] _symbols;
    private readonly byte[] _series;
    private readonly int[] _seriesOffsets;
    private readonly BlockPostings _postings;
    private readonly IBlockDamage _damage;
    private bool _isFirstVersion;
    private volatile BlockTombstones? _tombstones;
    private int _holders = 1;

    private MetricBlock(string path, IReadFile file, IBlockDamage damage)
    {
        FilePath = path;
        _file = file;
        _damage = damage;
        SizeBytes = file.SizeBytes;
        (Meta, var sections) = ReadContents();
        _symbols = BlockSymbols.Read(Section(sections[0]), path, sections[0].Offset);
        _series = Section(sections[1]);
        var offsets = Section(sections[2]);
        if (offsets.Length != Meta.SeriesCount * sizeof(uint))
        {
            throw Corrupt(sections[2].Offset, $"{offsets.Length} bytes of offsets for {Meta.SeriesCount} series");
        }
        _seriesOffsets = new int[Meta.SeriesCount];
        for (var i = 0; i < _seriesOffsets.Length; i++)
        {
            _seriesOffsets[i] = BinaryPrimitives.ReadInt32LittleEndian(offsets.AsSpan(i * sizeof(uint)));
        }
        _postings = new BlockPostings(Section(sections[3]), _symbols, _seriesOffsets.Length, path, sections[3].Offset);
    }

    public MetricBlockMeta Meta { get; }

    public string FilePath { get; }

    /// <summary>What is deleted; null for nothing. Whoever reads a series from then on does not see it.</summary>
    public BlockTombstones? Tombstones
    {
        get => _tombstones;
        set => _tombstones = value;
    }

    public long SizeBytes { get; }

    public int SeriesCount => _seriesOffsets.Length;

    /// <exception cref="CorruptFileException">Header, contents table or a section of the index is not as written.</exception>
    public static MetricBlock Open(IFileSystem files, string path, IBlockDamage damage)
    {
        var file = files.OpenRead(path);
        try
        {
            return new MetricBlock(path, file, damage);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            // The checksums were right, so this is a writer's fault; for whoever opens it the block is as unusable.
            file.Dispose();
            throw new CorruptFileException(path, 0, exception.Message);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Acquire() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _file.Dispose();
        }
    }

    public IEnumerable<string> LabelNames() => _postings.Names;

    public IReadOnlyCollection<string> LabelValues(string name) => _postings.Values(name);

    /// <summary>Every matching series with a chunk that overlaps the range (both ends inclusive), sorted by label set.</summary>
    public IEnumerable<MetricBlockSeries> Select(IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs,
        CancellationToken cancellation)
    {
        foreach (var id in PostingSelection.Select(_postings, matchers, cancellation))
        {
            var series = SeriesAt((int)id);
            if (Array.Exists(series.Chunks, chunk => chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs))
            {
                yield return series;
            }
        }
    }

    /// <summary>The series with a number below <see cref="SeriesCount"/>; numbers follow the order of label sets.</summary>
    /// <exception cref="CorruptFileException">The index contradicts itself, although its checksum is right.</exception>
    public MetricBlockSeries SeriesAt(int number)
    {
        var reader = new ByteReader(_series, FilePath);
        reader.Position = _seriesOffsets[number] is var at && (uint)at <= (uint)_series.Length ? at
            : throw reader.Corrupt($"series {number} at byte {at} of {_series.Length}");
        var labels = new Label[reader.Count(minBytesEach: 2)];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new Label(Symbol(ref reader), Symbol(ref reader));
        }
        var chunks = new BlockChunk[reader.Count(minBytesEach: 5)];
        var lastMs = 0L;
        var end = 0L;
        for (var i = 0; i < chunks.Length; i++)
        {
            unchecked
            {
                var minTimeMs = lastMs + reader.Varint();
                lastMs = minTimeMs + (long)reader.UVarint();
                var count = (int)reader.UVarint();
                var kind = _isFirstVersion ? ChunkKind.Xor : HeadRecord.KindOf(ref count);
                var offset = end + (long)reader.UVarint();
                var sizeBytes = reader.UVarint();
                if (offset < 0 || sizeBytes > int.MaxValue || offset > SizeBytes - MetricBlockFormat.ChunkHeaderBytes - (long)sizeBytes || count < 0)
                {
                    throw reader.Corrupt($"a chunk of {sizeBytes} bytes at {offset} of {SizeBytes}");
                }
                chunks[i] = new BlockChunk(kind, minTimeMs, lastMs, count, offset, (int)sizeBytes);
                end = offset + MetricBlockFormat.ChunkHeaderBytes + chunks[i].SizeBytes;
            }
        }
        return new MetricBlockSeries(this, number, new LabelSet(labels), chunks, _tombstones?.Series.GetValueOrDefault(number));
    }

    /// <summary>Reads a stretch of chunks that stand side by side, with their checksums.</summary>
    public void ReadChunks(long offset, Span<byte> into) => _file.Read(offset, into);

    /// <summary>The bytes of a chunk inside what <see cref="ReadChunks"/> read; false, once reported, where they are damaged.</summary>
    public bool TryGetChunk(ReadOnlySpan<byte> stretch, long stretchOffset, BlockChunk chunk, out ReadOnlySpan<byte> bytes)
    {
        var at = (int)(chunk.Offset - stretchOffset);
        bytes = stretch.Slice(at + MetricBlockFormat.ChunkHeaderBytes, chunk.SizeBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(stretch[at..]) == Crc32C.Of(bytes))
        {
            return true;
        }
        _damage.ChunkDamaged(this, chunk.Offset);
        return false;
    }

    public void ReportUnreadable(IOException exception) => _damage.Unreadable(this, exception);

    private (MetricBlockMeta Meta, SectionPlace[] Sections) ReadContents()
    {
        if (SizeBytes < MetricBlockFormat.HeaderBytes + MetricBlockFormat.FooterBytes + MinContentsBytes)
        {
            throw Corrupt(0, $"{SizeBytes} bytes are too few for a block");
        }
        var header = Read(0, MetricBlockFormat.HeaderBytes);
        var footerOffset = SizeBytes - MetricBlockFormat.FooterBytes;
        var footer = Read(footerOffset, MetricBlockFormat.FooterBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != MetricBlockFormat.Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(8)) != MetricBlockFormat.Magic)
        {
            throw Corrupt(0, "no magic number at its start or its end");
        }
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
        if (version is not (MetricBlockFormat.Version or MetricBlockFormat.VersionWithoutPacked
            or MetricBlockFormat.VersionWithoutVectors or MetricBlockFormat.VersionWithoutKinds))
        {
            throw Corrupt(4, $"format version {version} is not known");
        }
        _isFirstVersion = version == MetricBlockFormat.VersionWithoutKinds;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(footer);
        if (size < MinContentsBytes || size > footerOffset - MetricBlockFormat.HeaderBytes)
        {
            throw Corrupt(footerOffset, $"a contents table of {size} bytes");
        }
        var place = new SectionPlace(footerOffset - size, (int)size, BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(4)));
        var reader = new ByteReader(Section(place), FilePath, place.Offset);
        return ParseContents(ref reader);
    }

    private (MetricBlockMeta Meta, SectionPlace[] Sections) ParseContents(ref ByteReader reader)
    {
        var meta = new MetricBlockMeta((long)reader.U64(), (long)reader.U64(), (long)reader.U64(), (int)reader.U32(),
            (long)reader.U64(), (long)reader.U64(), (long)reader.U64(), []);
        var sections = new SectionPlace[SectionCount];
        for (var i = 0; i < SectionCount; i++)
        {
            sections[i] = new SectionPlace((long)reader.U64(), checked((int)reader.U64()), reader.U32());
        }
        var sources = new long[reader.Count()];
        for (var i = 0; i < sources.Length; i++)
        {
            sources[i] = (long)reader.UVarint();
        }
        var sealedUntilMs = _isFirstVersion ? meta.MaxTimeMs : reader.Varint();
        return (meta with { Sources = sources, SealedUntilMs = sealedUntilMs }, sections);
    }

    private byte[] Section(SectionPlace place)
    {
        if (place.Offset < 0 || place.SizeBytes < 0 || place.Offset > SizeBytes - place.SizeBytes)
        {
            throw Corrupt(place.Offset, "a section lies outside the file");
        }
        var bytes = Read(place.Offset, place.SizeBytes);
        return Crc32C.Of(bytes) == place.Checksum ? bytes : throw Corrupt(place.Offset, "the checksum of a section is wrong");
    }

    private byte[] Read(long offset, int size)
    {
        var bytes = new byte[size];
        _file.Read(offset, bytes);
        return bytes;
    }

    private string Symbol(ref ByteReader reader)
    {
        var symbol = reader.UVarint();
        return symbol < (ulong)_symbols.Length ? _symbols[symbol] : throw reader.Corrupt($"text {symbol} of {_symbols.Length}");
    }

    private CorruptFileException Corrupt(long offset, string reason) => new(FilePath, offset, reason);

    private readonly record struct SectionPlace(long Offset, int SizeBytes, uint Checksum);
}
