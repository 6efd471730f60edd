using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Sealed;
using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Records;
using ZstdSharp;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>Writes one block: traces come by tenant, then by start (of the same start the highest id first), each with its spans in order.</summary>
/// <remarks>Not thread-safe. The file gets its name only when it is whole and synced; disposing before removes it. One page is in memory,
/// and 16 bytes for each trace.</remarks>
internal sealed class TraceBlockWriter : IDisposable
{
    private const int PackLevel = 3;

    /// <summary>Pages are appended whole: only what comes first and last waits.</summary>
    private const int BufferBytes = 1024;

    /// <summary>A page ends with the trace that reaches so many spans.</summary>
    private const int PageRows = 4096;

    /// <summary>A page of fewer spans is not worth its frames: blocks that are merged bring it together with others.</summary>
    private const int SmallPageRows = PageRows / 2;

    /// <summary>No page gets larger for the sake of a small one before it.</summary>
    private const int MaxExtendedRows = PageRows * 2;

    /// <summary>Columns cost more than their values where each span has other keys.</summary>
    private const int MaxPageColumns = 2000;

    private readonly SealedFileWriter _file;
    private readonly BlockTablesBuilder _tables = new();
    private readonly PageBuilder _page;
    private readonly PageCopier _copier;
    private readonly List<TraceId> _ids = [];
    private readonly List<PageEntry> _pages = [];
    private readonly List<Span> _piece = [];
    private string? _tenant;
    private int _wantedRows = PageRows;
    private int _pageFirst;
    private long _spans;

    public TraceBlockWriter(IFileSystem files, string path)
    {
        _page = new PageBuilder(_tables);
        _copier = new PageCopier(_tables);
        _file = new SealedFileWriter(files, path, TraceBlockFormat.Kind, BufferBytes);
    }

    public bool IsEmpty => _ids.Count == 0;

    public int PagesCopied { get; private set; }

    public int PagesBuilt => _pages.Count - PagesCopied;

    /// <summary>Whether a page of another block is large enough to be one here.</summary>
    public static bool IsWorthCopying(PageEntry page) => page.Rows >= SmallPageRows;

    /// <summary>Adds a trace, or what is known of it.</summary>
    /// <param name="spans">At least one; in the order of <see cref="Querying.SpanOrder"/>, read once.</param>
    public void Add(string tenant, IEnumerable<Span> spans)
    {
        Begin(tenant);
        _piece.Clear();
        foreach (var span in spans)
        {
            _piece.Add(span);
            if (_piece.Count == TraceBlockFormat.MaxPieceRows)
            {
                AddPiece();
            }
        }
        if (_piece.Count > 0)
        {
            AddPiece();
        }
    }

    /// <summary>Adds a trace, or what is known of it, as it stands in records.</summary>
    /// <param name="places">At least one; by start, then by id, none twice.</param>
    public void Add(string tenant, ReadOnlySpan<RecordPlace> places)
    {
        Begin(tenant);
        for (var first = 0; first < places.Length; first += TraceBlockFormat.MaxPieceRows)
        {
            var piece = places[first..Math.Min(places.Length, first + TraceBlockFormat.MaxPieceRows)];
            _page.Add(piece);
            Added(piece[0].TraceId, piece.Length);
        }
    }

    /// <summary>Adds a page of another block, whose traces come next and are nowhere else. It is copied, unless what was added before is too
    /// little for a page of its own: then both become one.</summary>
    /// <param name="traces">The page's, read where it is not copied.</param>
    /// <returns>False where the page cannot be read whole: nothing of it was added then.</returns>
    public bool TryAdd(string tenant, SpanPage page, IEnumerable<IEnumerable<Span>> traces)
    {
        Begin(tenant);
        if (_page.Rows is > 0 and < SmallPageRows && _page.Rows + page.Entry.Rows <= MaxExtendedRows)
        {
            _wantedRows = int.MaxValue;
            foreach (var trace in traces)
            {
                Add(tenant, trace);
            }
            _wantedRows = PageRows;
            FinishPage();
            return true;
        }
        try
        {
            _copier.Read(page);
        }
        catch (IOException)
        {
            // Whoever goes through its traces finds what of it is damaged, and takes the rest.
            return false;
        }
        FinishPage();
        _pages.Add(_copier.Write(page, _file.Offset, _ids.Count, _file.Append));
        PagesCopied++;
        foreach (var summary in page.Summaries)
        {
            _ids.Add(summary.Id);
        }
        _spans += page.Entry.Rows;
        _pageFirst = _ids.Count;
        return true;
    }

    /// <summary>Publishes the block under its name.</summary>
    public void Finish(long number)
    {
        FinishPage();
        var (ids, order, filter) = TraceIdIndex.Write(_ids);
        var contents = new ByteWriter();
        contents.U64((ulong)number);
        contents.U64((ulong)_pages.Min(static page => page.MinStartNs));
        contents.U64((ulong)_pages.Max(static page => page.MaxStartNs));
        contents.U32((uint)_ids.Count);
        contents.U64((ulong)_spans);
        using var packer = new Compressor(PackLevel);
        WriteSection(ids, contents);
        WriteSection(order, contents);
        WriteSection(filter, contents);
        WritePacked(packer, _tables.WriteTables, contents);
        WritePacked(packer, _tables.WriteCatalogue, contents);
        WritePacked(packer, WriteDirectory, contents);
        _file.Finish(contents.Written);
    }

    public void Dispose()
    {
        _page.Dispose();
        _copier.Dispose();
        _file.Dispose();
    }

    private void Begin(string tenant)
    {
        if (_tenant != tenant)
        {
            FinishPage();
            _tenant = tenant;
            _tables.Tenant = _tables.Symbols.NumberOf(tenant);
        }
    }

    private void AddPiece()
    {
        _page.Add(_piece, TraceSummarizing.Summarize(_piece));
        Added(_piece[0].TraceId, _piece.Count);
        _piece.Clear();
    }

    private void Added(TraceId id, int spans)
    {
        _ids.Add(id);
        _spans += spans;
        if (_page.Rows >= _wantedRows || _page.Columns >= MaxPageColumns)
        {
            FinishPage();
        }
    }

    private void FinishPage()
    {
        if (_page.IsEmpty)
        {
            return;
        }
        _pages.Add(_page.Finish(_file.Offset, _tables.Tenant, _pageFirst, _file.Append));
        _pageFirst = _ids.Count;
    }

    private void WriteDirectory(ByteWriter into)
    {
        into.UVarint((ulong)_pages.Count);
        foreach (var page in _pages)
        {
            page.Write(into);
        }
    }

    private void WritePacked(Compressor packer, Action<ByteWriter> write, ByteWriter contents)
    {
        var raw = new ByteWriter(64 * 1024);
        write(raw);
        contents.U32((uint)raw.Length);
        WriteSection(packer.Wrap(raw.Written), contents);
    }

    private void WriteSection(ReadOnlySpan<byte> section, ByteWriter contents)
    {
        var place = _file.WriteSection(section);
        contents.U64((ulong)place.Offset);
        contents.U32((uint)place.SizeBytes);
        contents.U32(place.Checksum);
    }
}
