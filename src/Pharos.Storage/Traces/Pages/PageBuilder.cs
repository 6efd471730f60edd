using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Logs.Filters;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Gathers the spans of some traces as columns and packs them.</summary>
/// <remarks>Not thread-safe. Traces come by start.</remarks>
internal sealed class PageBuilder(BlockTablesBuilder tables) : IDisposable
{
    private const double FilterBits = 8;
    private const int FilterProbes = 5;

    private readonly FramePacker _packer = new();
    private readonly AttributeColumns _attributes = new(tables);
    private readonly SummaryColumns _summaries = new();
    private readonly TextTable _texts = new();
    private readonly List<long> _starts = [];
    private readonly List<long> _durations = [];
    private readonly ByteWriter[] _names = [.. Enumerable.Range(0, 4).Select(static _ => new ByteWriter())];
    private readonly ByteWriter[] _rare = [.. Enumerable.Range(0, 6).Select(static _ => new ByteWriter())];
    private readonly ByteWriter _ids = new();
    private readonly ByteWriter _parents = new();
    private readonly ByteWriter _strangers = new();
    private readonly ByteWriter _extras = new();
    private readonly ByteWriter _utf8 = new();
    private readonly ByteWriter _raw = new(64 * 1024);
    private readonly ByteWriter _packed = new(256 * 1024);
    private readonly ByteWriter _columns = new(1024);
    private readonly ByteWriter _columnBytes = new(128 * 1024);
    private readonly RecordCache<RecordNumbers> _numbers = new(record => new RecordNumbers(record, tables));
    private readonly List<RecordRow> _rows = [];
    private readonly Dictionary<ulong, int> _rowOfId = [];
    private readonly SortedSet<int> _scopes = [];
    private readonly HashSet<ulong> _eventHashes = [];
    private bool _hasExtras;
    private uint _kinds;
    private uint _statuses;

    public int Rows => _starts.Count;

    /// <summary>Keys and kinds of attributes so far.</summary>
    public int Columns => _attributes.ColumnCount;

    public bool IsEmpty => _summaries.Count == 0;

    /// <summary>Adds a piece of a trace.</summary>
    /// <param name="spans">By start, then by id.</param>
    public void Add(IReadOnlyList<Span> spans, TraceSummary summary)
    {
        _summaries.Add(summary, tables.Symbols);
        _rowOfId.Clear();
        for (var i = 0; i < spans.Count; i++)
        {
            _rowOfId.TryAdd(spans[i].SpanId, i);
        }
        for (var i = 0; i < spans.Count; i++)
        {
            AddSpan(spans[i]);
        }
    }

    /// <summary>Adds a piece of a trace as it stands in records: the same page comes of it as of the spans.</summary>
    /// <param name="places">By start, then by id.</param>
    public void Add(ReadOnlySpan<RecordPlace> places)
    {
        _rows.Clear();
        _rowOfId.Clear();
        foreach (var place in places)
        {
            _rowOfId.TryAdd(place.SpanId, _rows.Count);
            _rows.Add(new RecordRow(_numbers.Of(place.Record), place.Span));
        }
        _summaries.Add(TraceSummarizing.Summarize(_rows), tables.Symbols);
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
        {
            AddRow(row);
        }
    }

    /// <summary>Packs what was gathered, writes it and begins anew.</summary>
    /// <returns>What the directory says of it.</returns>
    public PageEntry Finish(long offset, int tenant, int firstTrace, Action<ReadOnlySpan<byte>> write)
    {
        var frames = new FrameSize[PageEntry.FrameCount];
        _packed.Clear();
        _columns.Clear();
        _columnBytes.Clear();
        _columns.UVarint((ulong)_attributes.ColumnCount);
        for (var i = 0; i < _attributes.ColumnCount; i++)
        {
            _raw.Clear();
            _attributes.WriteColumn(i, _raw);
            var (key, kind, count) = _attributes.Describe(i);
            _columns.UVarint((ulong)key);
            _columns.U8((byte)kind);
            _columns.UVarint((ulong)count);
            _packer.Pack(_raw.Written, _columnBytes).Write(_columns);
        }
        frames[(int)PageFrame.Summaries] = Packed(_summaries.Write);
        frames[(int)PageFrame.Times] = Packed(into => TimeColumns.Write(
            CollectionsMarshal.AsSpan(_starts), CollectionsMarshal.AsSpan(_durations), into));
        frames[(int)PageFrame.Names] = Packed(into => WriteAll(_names, into));
        frames[(int)PageFrame.Ids] = Packed(into => into.Bytes(_ids.Written));
        frames[(int)PageFrame.Parents] = Packed(into =>
        {
            into.Bytes(_parents.Written);
            into.Bytes(_strangers.Written);
        });
        frames[(int)PageFrame.Rare] = Packed(into => WriteAll(_rare, into));
        frames[(int)PageFrame.Shapes] = Packed(_attributes.WriteShapes);
        frames[(int)PageFrame.Extras] = _hasExtras ? Packed(into => into.Bytes(_extras.Written)) : default;
        frames[(int)PageFrame.Texts] = Packed(_texts.Write);
        frames[(int)PageFrame.Columns] = Packed(into => into.Bytes(_columns.Written));
        frames[(int)PageFrame.Filter] = WriteFilter();
        var entry = new PageEntry(
            offset, tenant, firstTrace, _summaries.Count, Rows, _starts.Min(), _starts.Max(), _durations.Min(), _durations.Max(), _kinds, _statuses,
            [.. _scopes], frames);
        write(_packed.Written);
        write(_columnBytes.Written);
        Clear();
        return entry;
    }

    public void Dispose() => _packer.Dispose();

    private void AddSpan(Span span)
    {
        AddRow(new PageRow(
            span.SpanId, span.ParentSpanId, span.StartNs, span.DurationNs, tables.ScopeOf(span), tables.NameOf(span), (byte)span.Kind, (byte)span.Status,
            _texts.NumberOf(span.StatusMessage), _texts.NumberOf(span.TraceState), span.Flags, span.DroppedAttributes, span.DroppedEvents, span.DroppedLinks));
        for (var i = 0; i < span.Attributes.Count; i++)
        {
            AddAttribute(span.Attributes[i]);
        }
        _attributes.EndRow();
        AddExtras(span.StartNs, span.Events, span.Links);
    }

    private void AddRow(in RecordRow row)
    {
        var (read, numbers) = (row.Read, row.Numbers);
        var (scope, service) = numbers.Scope(read.Scope);
        var name = numbers.Symbol(read.Name);
        tables.NoteOperation(service, name, read.Kind);
        AddRow(new PageRow(
            row.SpanId, read.ParentSpanId, row.StartNs, read.DurationNs, scope, name, read.Kind, read.Status,
            _texts.NumberOf(row.Record.Text(read.StatusMessage)), _texts.NumberOf(row.Record.Text(read.TraceState)), read.Flags,
            read.DroppedAttributes, read.DroppedEvents, read.DroppedLinks));
        var feed = new ColumnFeed(_attributes, numbers);
        RecordAttributes.OfSpan(row.Record, read, AttributeScopes.Span, ref feed);
        _attributes.EndRow();
        if ((read.Fields & (SpanFields.Events | SpanFields.Links)) == 0)
        {
            AddExtras(row.StartNs, [], []);
            return;
        }
        var span = numbers.Decoder.Span(row.Index);
        AddExtras(span.StartNs, span.Events, span.Links);
    }

    private void AddRow(in PageRow row)
    {
        _starts.Add(row.StartNs);
        _durations.Add(row.DurationNs);
        _scopes.Add(row.Scope);
        _kinds |= PageEntry.BitOf(row.Kind);
        _statuses |= PageEntry.BitOf(row.Status);
        _names[0].UVarint((ulong)row.Name);
        _names[1].UVarint((ulong)row.Scope);
        _names[2].U8(row.Kind);
        _names[3].U8(row.Status);
        _ids.U64(row.SpanId);
        AddParent(row.ParentSpanId);
        _rare[0].UVarint((ulong)row.StatusMessage);
        _rare[1].UVarint((ulong)row.TraceState);
        _rare[2].UVarint(row.Flags);
        _rare[3].UVarint(row.DroppedAttributes);
        _rare[4].UVarint(row.DroppedEvents);
        _rare[5].UVarint(row.DroppedLinks);
    }

    private void AddAttribute(in SpanAttribute attribute)
    {
        var key = tables.Symbols.NumberOf(attribute.Key);
        switch (attribute.Value.Kind)
        {
            case AttributeKind.Bool or AttributeKind.Int or AttributeKind.Double or AttributeKind.Empty:
                _attributes.Add(key, attribute.Value.Kind, attribute.Value.Int, default);
                break;
            case AttributeKind.Bytes:
                _attributes.Add(key, AttributeKind.Bytes, 0, attribute.Value.Bytes.Span);
                break;
            default:
                var size = System.Text.Encoding.UTF8.GetByteCount(attribute.Value.Text);
                _utf8.Clear();
                var utf8 = _utf8.Reserve(size);
                System.Text.Encoding.UTF8.GetBytes(attribute.Value.Text, utf8);
                _attributes.Add(key, attribute.Value.Kind, 0, utf8);
                break;
        }
    }

    /// <summary>0 for none, 1 for one that is elsewhere, else the place in the trace.</summary>
    private void AddParent(ulong parent)
    {
        if (parent == 0)
        {
            _parents.UVarint(0);
        }
        else if (_rowOfId.TryGetValue(parent, out var row))
        {
            _parents.UVarint((ulong)row + 2);
        }
        else
        {
            _parents.UVarint(1);
            _strangers.U64(parent);
        }
    }

    private void AddExtras(long startNs, IReadOnlyList<SpanEvent> events, IReadOnlyList<SpanLink> links)
    {
        _hasExtras |= events.Count > 0 || links.Count > 0;
        _extras.UVarint((ulong)events.Count);
        foreach (var happened in events)
        {
            _extras.Varint(unchecked(happened.TimeNs - startNs));
            _extras.UVarint((ulong)_texts.NumberOf(happened.Name));
            _extras.UVarint(happened.DroppedAttributes);
            AttributeCodec.Write(_extras, happened.Attributes, _texts);
            tables.NoteKeys(happened.Attributes, AttributeScopes.Event);
            NoteHashes(happened.Attributes);
        }
        _extras.UVarint((ulong)links.Count);
        foreach (var link in links)
        {
            _extras.U64BigEndian(link.TraceId.High);
            _extras.U64BigEndian(link.TraceId.Low);
            _extras.U64(link.SpanId);
            _extras.UVarint((ulong)_texts.NumberOf(link.TraceState));
            _extras.UVarint(link.Flags);
            _extras.UVarint(link.DroppedAttributes);
            AttributeCodec.Write(_extras, link.Attributes, _texts);
            tables.NoteKeys(link.Attributes, AttributeScopes.Link);
            NoteHashes(link.Attributes);
        }
    }

    private void NoteHashes(IReadOnlyList<SpanAttribute> attributes)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            var seed = AttributeHash.SeedOf(attributes[i].Key);
            _eventHashes.Add(AttributeHash.Of(seed, attributes[i].Value));
            if (attributes[i].Value.Kind == AttributeKind.Array)
            {
                _eventHashes.Add(AttributeHash.OfList(seed));
            }
        }
    }

    private FrameSize WriteFilter()
    {
        _eventHashes.UnionWith(_attributes.Hashes);
        _raw.Clear();
        BloomBits.Write([.. _eventHashes], FilterBits, FilterProbes, _raw);
        _packed.Bytes(_raw.Written);
        return new FrameSize(_raw.Length, _raw.Length, Crc32C.Of(_raw.Written));
    }

    private FrameSize Packed(Action<ByteWriter> write)
    {
        _raw.Clear();
        write(_raw);
        return _packer.Pack(_raw.Written, _packed);
    }

    private static void WriteAll(ByteWriter[] columns, ByteWriter into)
    {
        foreach (var column in columns)
        {
            into.Bytes(column.Written);
        }
    }

    private void Clear()
    {
        _attributes.Clear();
        _summaries.Clear();
        _texts.Clear();
        _starts.Clear();
        _durations.Clear();
        foreach (var column in _names.Concat(_rare))
        {
            column.Clear();
        }
        _ids.Clear();
        _parents.Clear();
        _strangers.Clear();
        _extras.Clear();
        _scopes.Clear();
        _eventHashes.Clear();
        (_hasExtras, _kinds, _statuses) = (false, 0, 0);
    }
}
