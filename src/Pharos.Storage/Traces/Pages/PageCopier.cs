using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Blocks;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Takes pages of other blocks over: what has numbers of their block's tables is packed anew, the rest are the bytes that were there.</summary>
/// <remarks>Not thread-safe. No span is unpacked. Each frame's checksum is verified as it is read.</remarks>
internal sealed class PageCopier(BlockTablesBuilder tables) : IDisposable
{
    private readonly FramePacker _packer = new();
    private readonly SummaryColumns _summaries = new();
    private readonly ByteWriter _raw = new(32 * 1024);
    private readonly ByteWriter _page = new(256 * 1024);
    private readonly Dictionary<BlockTables, TableNumbers> _numbers = [];
    private readonly FrameSize[] _frames = new FrameSize[PageEntry.FrameCount];
    private int[] _scopes = [];

    /// <summary>Reads a page of the tenant that the tables are at.</summary>
    /// <exception cref="IOException">The page, or what its block has of spans as a whole, cannot be read.</exception>
    public void Read(SpanPage page)
    {
        var numbers = NumbersOf(page);
        _page.Clear();
        for (var frame = PageFrame.Summaries; frame <= PageFrame.Filter; frame++)
        {
            _frames[(int)frame] = frame switch
            {
                PageFrame.Summaries => PackSummaries(page),
                PageFrame.Names => PackNames(page, numbers),
                PageFrame.Columns => PackColumns(page, numbers),
                _ => Copy(page, frame),
            };
        }
        foreach (var column in page.Columns)
        {
            page.CopyFrame(column.Place, _page);
        }
        _scopes = [.. page.Entry.Scopes.Select(numbers.Scope).Distinct().Order()];
    }

    /// <summary>Writes the page that was read last.</summary>
    /// <returns>What the directory says of it.</returns>
    public PageEntry Write(SpanPage page, long offset, int firstTrace, Action<ReadOnlySpan<byte>> write)
    {
        write(_page.Written);
        return page.Entry with { Offset = offset, Tenant = tables.Tenant, FirstTrace = firstTrace, Scopes = _scopes, Frames = [.. _frames] };
    }

    public void Dispose() => _packer.Dispose();

    private TableNumbers NumbersOf(SpanPage page)
    {
        if (!_numbers.TryGetValue(page.Tables, out var numbers))
        {
            // Of a block from which pages are copied, what all its spans have is known without looking at them.
            tables.Note(page.ReadCatalogue());
            _numbers.Add(page.Tables, numbers = new TableNumbers(page.Tables, tables));
        }
        return numbers;
    }

    private FrameSize Copy(SpanPage page, PageFrame frame)
    {
        page.CopyFrame(page.PlaceOf(frame), _page);
        return page.Entry.Frames[(int)frame];
    }

    private FrameSize PackSummaries(SpanPage page)
    {
        _summaries.Clear();
        foreach (var summary in page.Summaries)
        {
            _summaries.Add(summary, tables.Symbols);
        }
        _raw.Clear();
        _summaries.Write(_raw);
        return _packer.Pack(_raw.Written, _page);
    }

    private FrameSize PackNames(SpanPage page, TableNumbers numbers)
    {
        _raw.Clear();
        foreach (var name in page.Names)
        {
            _raw.UVarint((ulong)numbers.Symbol(name));
        }
        foreach (var scope in page.Scopes)
        {
            _raw.UVarint((ulong)numbers.Scope(scope));
        }
        _raw.Bytes(page.Kinds);
        _raw.Bytes(page.Statuses);
        return _packer.Pack(_raw.Written, _page);
    }

    private FrameSize PackColumns(SpanPage page, TableNumbers numbers)
    {
        _raw.Clear();
        _raw.UVarint((ulong)page.Columns.Length);
        foreach (var (key, kind, count, place) in page.Columns)
        {
            _raw.UVarint((ulong)numbers.Symbol(key));
            _raw.U8((byte)kind);
            _raw.UVarint((ulong)count);
            new FrameSize(place.SizeBytes, place.RawBytes, place.Checksum).Write(_raw);
        }
        return _packer.Pack(_raw.Written, _page);
    }
}
