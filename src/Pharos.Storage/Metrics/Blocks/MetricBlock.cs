using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>A sealed block, open for reading. Never changes.</summary>
/// <remarks>Thread-safe. The index is checked when the block is opened and then read from the mapped file; chunks are read from the
/// file and checked at each read. Closed when the last holder releases it: opening holds it once, for the store.</remarks>
internal sealed class MetricBlock
{
    private const int SectionCount = 4;
    private const int MinContentsBytes = 133;

    private readonly IReadFile _file;
    private readonly IReadFile _mapped;
    private readonly BlockTexts _texts;
    private readonly BlockSection _series;
    private readonly BlockSection _seriesOffsets;
    private readonly BlockPostings _postings;
    private readonly IBlockDamage _damage;
    private bool _isFirstVersion;
    private volatile BlockTombstones? _tombstones;
    private int _holders = 1;

    private MetricBlock(string path, IReadFile file, IReadFile mapped, IBlockDamage damage)
    {
        FilePath = path;
        (_file, _mapped) = (file, mapped);
        _damage = damage;
        SizeBytes = file.SizeBytes;
        (Meta, var sections) = ReadContents();
        var texts = Section(sections[0]);
        _series = Section(sections[1]);
        _seriesOffsets = Section(sections[2]);
        var postings = Section(sections[3]);
        if (_seriesOffsets.SizeBytes != Meta.SeriesCount * sizeof(uint))
        {
            throw Corrupt(sections[2].Offset, $"{_seriesOffsets.SizeBytes} bytes of offsets for {Meta.SeriesCount} series");
        }
        _texts = new BlockTexts(texts);
        _postings = new BlockPostings(postings, _texts, SeriesCount);
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

    public int SeriesCount => (int)Meta.SeriesCount;

    /// <exception cref="CorruptFileException">Header, contents table or a section of the index is not as written.</exception>
    public static MetricBlock Open(IFileSystem files, string path, IBlockDamage damage)
    {
        var file = files.OpenRead(path);
        IReadFile? mapped = null;
        try
        {
            mapped = files.OpenMapped(path);
            return new MetricBlock(path, file, mapped, damage);
        }
        catch (Exception exception)
        {
            mapped?.Dispose();
            file.Dispose();
            if (exception is ArgumentException or OverflowException)
            {
                // The checksums were right, so this is a writer's fault; for whoever opens it the block is as unusable.
                throw new CorruptFileException(path, 0, exception.Message);
            }
            throw;
        }
    }

    public void Acquire() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _mapped.Dispose();
            _file.Dispose();
        }
    }

    public IEnumerable<string> LabelNames() => _postings.Names;

    /// <exception cref="IOException">The index cannot be read.</exception>
    public IReadOnlyCollection<string> LabelValues(string name) => _postings.ValuesOf(name);

    /// <summary>Every matching series with a chunk that overlaps the range (both ends inclusive), sorted by label set.</summary>
    /// <exception cref="IOException">The index cannot be read.</exception>
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
        using var reader = _series.At(_seriesOffsets.Int32At(number * sizeof(uint)));
        var labels = new Label[reader.Count(minBytesEach: 2)];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new Label(_texts[reader.Below(_texts.Count)], _texts[reader.Below(_texts.Count)]);
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
        if (SizeBytes < SealedFileKind.HeaderBytes + SealedFileKind.FooterBytes + MinContentsBytes)
        {
            throw Corrupt(0, $"{SizeBytes} bytes are too few for a block");
        }
        var header = Read(0, SealedFileKind.HeaderBytes);
        var footerOffset = SizeBytes - SealedFileKind.FooterBytes;
        var footer = Read(footerOffset, SealedFileKind.FooterBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != MetricBlockFormat.Kind.Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(8)) != MetricBlockFormat.Kind.Magic)
        {
            throw Corrupt(0, "no magic number at its start or its end");
        }
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
        if (!MetricBlockFormat.IsRead(version))
        {
            throw Corrupt(4, $"format version {version} is not known");
        }
        _isFirstVersion = version == MetricBlockFormat.VersionWithoutKinds;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(footer);
        if (size < MinContentsBytes || size > footerOffset - SealedFileKind.HeaderBytes)
        {
            throw Corrupt(footerOffset, $"a contents table of {size} bytes");
        }
        var place = new SectionPlace(footerOffset - size, (int)size, BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(4)));
        var section = Section(place);
        var reader = new ByteReader(Read(place.Offset, section.SizeBytes), FilePath, place.Offset);
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

    private BlockSection Section(SectionPlace place)
    {
        if (place.Offset < 0 || place.SizeBytes < 0 || place.Offset > SizeBytes - place.SizeBytes)
        {
            throw Corrupt(place.Offset, "a section lies outside the file");
        }
        return new BlockSection(_mapped, _file, FilePath, place);
    }

    private byte[] Read(long offset, int size)
    {
        var bytes = new byte[size];
        _file.Read(offset, bytes);
        return bytes;
    }

    private CorruptFileException Corrupt(long offset, string reason) => new(FilePath, offset, reason);
}
