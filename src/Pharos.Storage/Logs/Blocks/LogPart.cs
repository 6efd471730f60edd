using System.Collections.Concurrent;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Index;
using Pharos.Storage.Logs.Filters;
using Pharos.Storage.Logs.Head;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>A file of sealed blocks of one day, open for reading. Never changes.</summary>
/// <remarks>Thread-safe. The directory is in memory, the index is checked when the part is opened and then read from the mapped file;
/// blocks and tables are read from it and checked at each read, filters of text at the first. Closed when the last holder releases it: opening holds it once,
/// for the store.</remarks>
internal sealed class LogPart : ISealedFile
{
    private const int SectionCount = 5;
    private const int ContentsBytes = 44 + (SectionCount * 16);

    private readonly IReadFile _file;
    private readonly FrameCodec _codec;
    private readonly StreamTable _streamTable;
    private readonly BlockTexts _texts;
    private readonly BlockSection _streams;
    private readonly BlockSection _streamOffsets;
    private readonly BlockPostings _postings;
    private readonly BlockEntry[] _blocks;
    private readonly BlockColumns _columns;
    private readonly ConcurrentDictionary<int, bool> _damaged = [];

    /// <summary>Where the bits of the text filters are whose checksums were right: from then on only those that are asked for are read.</summary>
    private readonly TextFilterPlace?[] _checkedFilters;

    /// <summary>The streams by number.</summary>
    private readonly WeakArray<LogStream> _knownStreams;

    /// <summary>The tables by block: every question begins with them.</summary>
    private readonly WeakArray<RunTable> _knownRuns;
    private int _holders = 1;

    /// <summary>The text that was asked for last: it is asked of one block after the other.</summary>
    private volatile TextProbe? _probe;

    private LogPart(string path, IReadFile file, IReadFile checkedThrough, FrameCodec codec, StreamTable streams)
    {
        FilePath = path;
        _file = file;
        _codec = codec;
        _columns = new BlockColumns(file, path, codec);
        _streamTable = streams;
        SizeBytes = file.SizeBytes;
        (Meta, var sections) = ReadContents();
        BlockSection Section(int number) => new(file, checkedThrough, path, Checked(sections[number]));
        var texts = Section(0);
        _streams = Section(1);
        _streamOffsets = Section(2);
        var postings = Section(3);
        if (_streamOffsets.SizeBytes != Meta.Streams * sizeof(uint))
        {
            throw Corrupt(sections[2].Offset, $"{_streamOffsets.SizeBytes} bytes of offsets for {Meta.Streams} streams");
        }
        _texts = new BlockTexts(texts);
        _postings = new BlockPostings(postings, _texts, Meta.Streams);
        _blocks = ReadDirectory(Section(4), sections[4]);
        _checkedFilters = new TextFilterPlace?[_blocks.Length];
        _knownStreams = new WeakArray<LogStream>(Meta.Streams);
        _knownRuns = new WeakArray<RunTable>(_blocks.Length);
    }

    public string FilePath { get; }

    public LogPartMeta Meta { get; }

    public long SizeBytes { get; }

    public IReadOnlyList<BlockEntry> Blocks => _blocks;

    /// <summary>Blocks that were found damaged and are left out.</summary>
    public bool IsDamaged => !_damaged.IsEmpty;

    /// <exception cref="CorruptFileException">Contents, directory or a section of the index is not as written.</exception>
    public static LogPart Open(IFileSystem files, string path, FrameCodec codec, StreamTable streams)
    {
        var file = files.OpenMapped(path);
        try
        {
            using var checkedThrough = files.OpenRead(path);
            return new LogPart(path, file, checkedThrough, codec, streams);
        }
        catch (Exception exception)
        {
            file.Dispose();
            if (exception is ArgumentException or OverflowException)
            {
                // The checksums were right, so this is a writer's fault; for whoever opens it the part is as unusable.
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
            _file.Dispose();
        }
    }

    /// <summary>Whether a block was found damaged before.</summary>
    public bool IsBlockDamaged(int block) => _damaged.ContainsKey(block);

    /// <summary>Leaves a block out from now on.</summary>
    /// <returns>Whether that is news.</returns>
    public bool NoteDamage(int block) => _damaged.TryAdd(block, true);

    /// <summary>The numbers, rising, of a tenant's streams that all matchers match.</summary>
    /// <exception cref="IOException">The index cannot be read.</exception>
    public ulong[] Select(string tenant, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) => PostingSelection.Select(
        _postings, [new LabelMatcher(Model.MatchType.Equal, LogHead.TenantLabel, tenant), .. matchers], cancellation);

    /// <exception cref="IOException">The index cannot be read.</exception>
    public LogStream StreamAt(int number) => StreamAt(number, KnownStreams());

    /// <param name="number">Of the stream.</param>
    /// <param name="known">What <see cref="KnownStreams"/> gave: for whoever asks for many.</param>
    /// <exception cref="IOException">The index cannot be read.</exception>
    public LogStream StreamAt(int number, LogStream?[] known)
    {
        if (Volatile.Read(ref known[number]) is { } stream)
        {
            return stream;
        }
        var key = KeyAt(number);
        stream = _streamTable.Get(key[LogHead.TenantLabel], key.Without(LogHead.TenantLabel));
        Volatile.Write(ref known[number], stream);
        return stream;
    }

    /// <summary>A stream's labels with its tenant; numbers follow the order of keys.</summary>
    /// <exception cref="IOException">The index cannot be read.</exception>
    public LabelSet KeyAt(int number)
    {
        using var reader = _streams.At(_streamOffsets.Int32At(number * sizeof(uint)));
        var labels = new Label[reader.Count(minBytesEach: 2)];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new Label(_texts[reader.Below(_texts.Count)], _texts[reader.Below(_texts.Count)]);
        }
        return new LabelSet(labels);
    }

    /// <summary>The table, read once for as long as somebody holds <see cref="KnownRuns()"/>.</summary>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public RunTable Runs(int block, RunTable?[] known)
    {
        if (Volatile.Read(ref known[block]) is { } table)
        {
            return table;
        }
        table = Runs(block);
        Volatile.Write(ref known[block], table);
        return table;
    }

    /// <exception cref="IOException">The table cannot be read.</exception>
    public RunTable Runs(int block)
    {
        var entry = _blocks[block];
        var reader = new ByteReader(_codec.Read(_file, FilePath, entry.Runs), FilePath, entry.Runs.Offset);
        var table = RunTable.Read(ref reader, entry.Rows, _codec.Levels);
        var runs = table.Runs;
        return runs.Length > 0 && runs[0].Stream == entry.FirstStream && runs[^1].Stream == entry.LastStream
            ? table : throw reader.Corrupt("runs of other streams than the directory says");
    }

    /// <summary>Rows with memory of their own.</summary>
    /// <exception cref="IOException">The block cannot be read.</exception>
    public LogRows Read(int block, LogColumns columns)
    {
        using var arrays = RowArrays.Own();
        return Read(block, columns, arrays);
    }

    /// <param name="block">Its number.</param>
    /// <param name="columns">What is decoded.</param>
    /// <param name="arrays">What the rows' memory comes from.</param>
    /// <exception cref="IOException">The block cannot be read.</exception>
    public LogRows Read(int block, LogColumns columns, RowArrays arrays) => _columns.Read(_blocks[block], columns, arrays);

    /// <summary>For rows that are read and given back.</summary>
    public RowArrays PooledArrays() => RowArrays.Pooled(_codec.PoisonsRows);

    /// <summary>False only if no line of a block holds the text.</summary>
    /// <exception cref="IOException">The filter cannot be read.</exception>
    public bool MayContain(int block, ReadOnlySpan<byte> text)
    {
        var place = _blocks[block].TextFilter;
        if (place.SizeBytes == 0)
        {
            return true;
        }
        var probe = _probe;
        if (probe?.IsOf(text) != true)
        {
            _probe = probe = new TextProbe(text);
        }
        if (Volatile.Read(ref _checkedFilters[block]) is { } known)
        {
            return probe.MayBeIn(_file, known);
        }
        using var filter = new PooledBytes(place.SizeBytes);
        ReadFrame(place, filter.Span);
        Volatile.Write(ref _checkedFilters[block], TextFilterPlace.Of(filter.Span, place.Offset));
        return probe.MayBeIn(filter.Span);
    }

    /// <summary>False only if no entry of a block has the value as structured metadata.</summary>
    /// <exception cref="IOException">The filter cannot be read.</exception>
    public bool MayHaveMetadata(int block, string name, ReadOnlySpan<byte> value)
    {
        var entry = _blocks[block];
        if (entry.Metadata.SizeBytes == 0)
        {
            return false;
        }
        if (entry.MetadataFilter.SizeBytes == 0)
        {
            return true;
        }
        using var filter = new PooledBytes(entry.MetadataFilter.SizeBytes);
        ReadFrame(entry.MetadataFilter, filter.Span);
        return MetadataFilter.MayHave(filter.Span, name, value);
    }

    public byte[] ReadFrame(in FramePlace place)
    {
        var bytes = place.SizeBytes == 0 ? [] : GC.AllocateUninitializedArray<byte>(place.SizeBytes);
        ReadFrame(place, bytes);
        return bytes;
    }

    /// <summary>Reads packed bytes as they are.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public void ReadFrame(in FramePlace place, Span<byte> into)
    {
        if (place.SizeBytes > 0)
        {
            FrameCodec.ReadChecked(_file, FilePath, place, into[..place.SizeBytes]);
        }
    }

    /// <summary>The streams that are known, by number. They stay for as long as somebody holds this.</summary>
    public LogStream?[] KnownStreams() => _knownStreams.Items();

    /// <summary>The tables that are known, by block. They stay for as long as somebody holds this.</summary>
    public RunTable?[] KnownRuns() => _knownRuns.Items();

    private (LogPartMeta Meta, SectionPlace[] Sections) ReadContents()
    {
        var reader = LogPartFormat.Kind.ReadContents(_file, FilePath, ContentsBytes);
        var meta = new LogPartMeta(
            (long)reader.U64(), (long)reader.U64(), (long)reader.U64(), checked((int)reader.U32()), (long)reader.U64(), (long)reader.U64());
        var sections = new SectionPlace[SectionCount];
        for (var i = 0; i < SectionCount; i++)
        {
            sections[i] = new SectionPlace((long)reader.U64(), checked((int)reader.U32()), reader.U32());
        }
        return (meta, sections);
    }

    private SectionPlace Checked(SectionPlace place) => place.Offset >= 0 && place.Offset <= SizeBytes - place.SizeBytes
        ? place : throw Corrupt(0, "a section lies outside the file");

    private BlockEntry[] ReadDirectory(BlockSection section, SectionPlace place)
    {
        var bytes = new byte[section.SizeBytes];
        section.Read(0, bytes);
        var reader = new ByteReader(bytes, FilePath, place.Offset);
        var blocks = new BlockEntry[reader.Count(BlockEntry.MinBytes)];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = BlockEntry.Read(ref reader, SizeBytes, Meta.Streams);
            if (i > 0 && blocks[i].FirstStream < blocks[i - 1].LastStream)
            {
                throw reader.Corrupt("blocks that are not in the order of their streams");
            }
        }
        return blocks;
    }

    private CorruptFileException Corrupt(long offset, string reason) => new(FilePath, offset, reason);
}
