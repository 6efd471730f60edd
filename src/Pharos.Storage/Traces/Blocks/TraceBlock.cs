using System.Collections.Concurrent;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Sealed;
using Pharos.Storage.Traces.Pages;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>A file of sealed traces, open for reading. Never changes.</summary>
/// <remarks>Thread-safe. The directory and the filter of ids are in memory, what pages share as long as somebody uses it; index and pages are
/// read from the mapped file, the index checked when the block is opened, pages at each read. Closed when the last holder releases it:
/// opening holds it once, for the store.</remarks>
internal sealed class TraceBlock : ISealedFile
{
    private const int SectionCount = 6;
    private const int Tables = 3;
    private const int Catalogue = 4;
    private const int Directory = 5;
    private const int ContentsBytes = 36 + (SectionCount * 16) + (3 * 4);

    private readonly IReadFile _file;
    private readonly FrameCodec _codec;
    private readonly FramePlace[] _packed = new FramePlace[SectionCount];
    private readonly WeakReference<BlockTables?> _tables = new(null);
    private readonly ConcurrentDictionary<int, bool> _damaged = [];
    private int _holders = 1;

    private TraceBlock(string path, IReadFile file, IReadFile checkedThrough, FrameCodec codec)
    {
        (FilePath, _file, _codec, SizeBytes) = (path, file, codec, file.SizeBytes);
        (Meta, var sections) = ReadContents();
        Index = new TraceIdIndex(file, checkedThrough, path, Meta.Traces, sections[0], sections[1], sections[2]);
        Pages = ReadDirectory();
        HasLongTraces = Array.Exists(Pages, static page => page.Rows >= TraceBlockFormat.MaxPieceRows);
        CheckTenants();
    }

    public string FilePath { get; }

    public TraceBlockMeta Meta { get; }

    public long SizeBytes { get; }

    public TraceIdIndex Index { get; }

    /// <summary>By tenant, then by start of traces.</summary>
    public PageEntry[] Pages { get; }

    /// <summary>Whether a trace may be of several pieces.</summary>
    public bool HasLongTraces { get; }

    public bool IsDamaged => !_damaged.IsEmpty;

    /// <exception cref="CorruptFileException">Contents, directory, shared texts or the index of ids are not as written.</exception>
    public static TraceBlock Open(IFileSystem files, string path, FrameCodec codec)
    {
        var file = files.OpenMapped(path);
        try
        {
            using var checkedThrough = files.OpenRead(path);
            return new TraceBlock(path, file, checkedThrough, codec);
        }
        catch (Exception exception)
        {
            file.Dispose();
            if (exception is ArgumentException or OverflowException or IndexOutOfRangeException)
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
            _file.Dispose();
        }
    }

    /// <summary>Whether a page was found damaged before.</summary>
    public bool IsPageDamaged(int page) => !_damaged.IsEmpty && (_damaged.ContainsKey(page) || _damaged.ContainsKey(-1));

    /// <returns>Whether that is news.</returns>
    public bool NoteDamage(int page) => _damaged.TryAdd(page, true);

    /// <summary>What the pages share.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public BlockTables SharedTables()
    {
        lock (_tables)
        {
            if (_tables.TryGetTarget(out var known))
            {
                return known;
            }
            var reader = new ByteReader(_codec.Read(_file, FilePath, _packed[Tables]), FilePath, _packed[Tables].Offset);
            var tables = BlockTables.Read(ref reader);
            _tables.SetTarget(tables);
            return tables;
        }
    }

    /// <summary>What the spans of the whole block are called and have.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public BlockCatalogue ReadCatalogue()
    {
        var reader = new ByteReader(_codec.Read(_file, FilePath, _packed[Catalogue]), FilePath, _packed[Catalogue].Offset);
        return BlockCatalogue.Read(ref reader, SharedTables().Symbols);
    }

    /// <summary>The page with a piece of a trace.</summary>
    public int PageOf(int piece)
    {
        var (low, high) = (0, Pages.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            (low, high) = Pages[middle].FirstTrace <= piece ? (middle, high) : (low, middle - 1);
        }
        return low;
    }

    /// <summary>Reads a packed piece of the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] Read(in FramePlace place) => _codec.Read(_file, FilePath, place);

    /// <summary>Reads bytes as they are in the file.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public void ReadPlain(in FramePlace place, Span<byte> into) => FrameCodec.ReadChecked(_file, FilePath, place, into);

    private void CheckTenants()
    {
        var tables = SharedTables();
        foreach (var page in Pages)
        {
            if (page.Tenant >= tables.Symbols.Length || page.Scopes.Length > 0 && page.Scopes[^1] >= tables.Scopes.Length)
            {
                throw Corrupt(page.Offset, "a page of a tenant or a scope that the block does not have");
            }
        }
    }

    private (TraceBlockMeta Meta, SectionPlace[] Sections) ReadContents()
    {
        var reader = TraceBlockFormat.Kind.ReadContents(_file, FilePath, ContentsBytes);
        var meta = new TraceBlockMeta((long)reader.U64(), (long)reader.U64(), (long)reader.U64(), checked((int)reader.U32()), (long)reader.U64());
        var sections = new SectionPlace[SectionCount];
        for (var i = 0; i < SectionCount; i++)
        {
            var raw = i < Tables ? 0 : checked((int)reader.U32());
            sections[i] = new SectionPlace((long)reader.U64(), checked((int)reader.U32()), reader.U32());
            _packed[i] = new FramePlace(sections[i].Offset, sections[i].SizeBytes, raw, sections[i].Checksum);
            if (sections[i].Offset < 0 || sections[i].Offset > SizeBytes - sections[i].SizeBytes)
            {
                throw Corrupt(reader.FileOffset, "a section lies outside the file");
            }
        }
        return (meta, sections);
    }

    private PageEntry[] ReadDirectory()
    {
        var reader = new ByteReader(_codec.Read(_file, FilePath, _packed[Directory]), FilePath, _packed[Directory].Offset);
        var pages = new PageEntry[reader.Count(PageEntry.MinBytes)];
        var traces = 0;
        for (var i = 0; i < pages.Length; i++)
        {
            pages[i] = PageEntry.Read(ref reader, traces);
            traces = checked(traces + pages[i].Traces);
        }
        return traces == Meta.Traces && pages.Length > 0 ? pages : throw reader.Corrupt($"pages of {traces} traces for {Meta.Traces}");
    }

    private CorruptFileException Corrupt(long offset, string reason) => new(FilePath, offset, reason);
}
