using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Filters;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Pages;

/// <summary>A page as one query reads it: each frame is unpacked when something of it is asked for.</summary>
/// <remarks>Not thread-safe. Members throw <see cref="IOException"/> where a frame cannot be read.</remarks>
internal sealed class SpanPage(TraceBlock block, int number, BlockTables tables)
{
    private readonly PageEntry _entry = block.Pages[number];
    private readonly Dictionary<int, AttributeColumn> _columns = [];
    private PageSummaries? _traces;
    private TraceSummary[]? _summaries;
    private int[]? _firstRows;
    private (long[] Starts, long[] Durations)? _times;
    private (int[] Names, int[] Scopes, byte[] Kinds, byte[] Statuses)? _names;
    private (int[][] Shapes, int[] OfRow)? _shapes;
    private (int[] StatusMessages, int[] TraceStates, uint[] Flags, uint[][] Dropped)? _rare;
    private ulong[]? _ids;
    private string[]? _texts;
    private PageColumn[]? _directory;
    private int[]? _extraStarts;
    private byte[]? _extras;
    private (int[] Places, ulong[] Strangers)? _parents;

    /// <summary>Behind the piece that was read last: its next row, and where that takes its values; so a page read in order is gone through once.</summary>
    private (int Row, int[] Positions, int Stranger)? _behind;

    public int Number => number;

    public PageEntry Entry => _entry;

    public BlockTables Tables => tables;

    /// <summary>What is known of each trace, without an object for each.</summary>
    public PageSummaries Traces => _traces ??= ReadTraces();

    public TraceSummary[] Summaries => _summaries ??= Traces.ToSummaries(IdOf);

    /// <summary>The first row of each piece, and how many rows there are.</summary>
    public int[] FirstRows => _firstRows ??= ReadFirstRows();

    public long[] Starts => (_times ??= ReadTimes()).Starts;

    public long[] Durations => (_times ??= ReadTimes()).Durations;

    /// <summary>Numbers of texts in the block.</summary>
    public int[] Names => (_names ??= ReadNames()).Names;

    public int[] Scopes => (_names ??= ReadNames()).Scopes;

    public byte[] Kinds => (_names ??= ReadNames()).Kinds;

    public byte[] Statuses => (_names ??= ReadNames()).Statuses;

    /// <summary>Numbers of texts in the page.</summary>
    public int[] StatusMessages => (_rare ??= ReadRare()).StatusMessages;

    public string[] Texts => _texts ??= ReadTexts();

    /// <summary>Columns of attributes.</summary>
    public PageColumn[] Columns => _directory ??= ReadDirectory();

    /// <summary>Per shape the columns of a span's attributes, in their order.</summary>
    public int[][] Shapes => (_shapes ??= ReadShapes()).Shapes;

    public int[] ShapeOfRow => (_shapes ??= ReadShapes()).OfRow;

    public bool HasExtras => _entry.Frames[(int)PageFrame.Extras].SizeBytes > 0;

    public AttributeColumn Column(int column)
    {
        if (_columns.TryGetValue(column, out var known))
        {
            return known;
        }
        var (_, kind, count, place) = Columns[column];
        return _columns[column] = new AttributeColumn(kind, count, block.Read(place), block.FilePath, place.Offset);
    }

    /// <summary>False only if no span, event or link of the page has an attribute of one of the hashes.</summary>
    public bool MayHave(ReadOnlySpan<ulong> hashes)
    {
        var place = PlaceOf(PageFrame.Filter);
        using var bytes = new PooledBytes(place.SizeBytes);
        block.ReadPlain(place, bytes.Span);
        ReadOnlySpan<byte> rest = bytes.Span;
        if (!BloomBits.TryTake(ref rest, out var filter))
        {
            throw new CorruptFileException(block.FilePath, place.Offset, "no filter");
        }
        foreach (var hash in hashes)
        {
            if (BloomBits.MayContain(filter, hash))
            {
                return true;
            }
        }
        return false;
    }

    /// <param name="piece">In the page.</param>
    public TraceId IdOf(int piece) => block.Index.IdOf(_entry.FirstTrace + piece);

    /// <summary>The spans of some rows of one piece.</summary>
    /// <param name="piece">In the page.</param>
    public IEnumerable<Span> Spans(int piece)
    {
        var (first, end) = (FirstRows[piece], FirstRows[piece + 1]);
        var (shapes, shapeOfRow) = (Shapes, ShapeOfRow);
        var parents = (_parents ??= ReadParents()).Places;
        var (start, positions, stranger) = _behind is { } behind && behind.Row <= first ? behind : (0, new int[Columns.Length], 0);
        _behind = null;
        for (var row = start; row < first; row++)
        {
            foreach (var column in shapes[shapeOfRow[row]])
            {
                positions[column]++;
            }
            stranger += parents[row] == 1 ? 1 : 0;
        }
        for (var row = first; row < end; row++)
        {
            yield return SpanAt(row, first, piece, positions, ref stranger);
        }
        _behind = (end, positions, stranger);
    }

    /// <summary>Where in the file a frame is.</summary>
    public FramePlace PlaceOf(PageFrame frame)
    {
        var offset = _entry.Offset;
        for (var i = 0; i < (int)frame; i++)
        {
            // The filter stands behind the frames and before the columns, in the order of the enumeration.
            offset += _entry.Frames[i].SizeBytes;
        }
        var (size, raw, checksum) = _entry.Frames[(int)frame];
        return new FramePlace(offset, size, raw, checksum);
    }

    /// <summary>Copies a frame as it is packed.</summary>
    public void CopyFrame(in FramePlace place, ByteWriter into)
    {
        if (place.SizeBytes > 0)
        {
            block.ReadPlain(place, into.Reserve(place.SizeBytes));
            into.Advance(place.SizeBytes);
        }
    }

    /// <summary>What the spans of the whole block are called and have.</summary>
    public BlockCatalogue ReadCatalogue() => block.ReadCatalogue();

    /// <summary>The events of a row.</summary>
    public (SpanEvent[] Events, SpanLink[] Links) Extras(int row)
    {
        if (!HasExtras)
        {
            return ([], []);
        }
        ReadExtraStarts();
        var reader = new ByteReader(_extras.AsSpan(_extraStarts![row]), block.FilePath, PlaceOf(PageFrame.Extras).Offset);
        return ReadExtras(ref reader, Starts[row]);
    }

    private Span SpanAt(int row, int first, int piece, int[] positions, ref int stranger)
    {
        var (ids, rare) = (_ids ??= ReadIds(), _rare ??= ReadRare());
        var (places, strangers) = _parents!.Value;
        var shape = Shapes[ShapeOfRow[row]];
        var attributes = shape.Length == 0 ? [] : new SpanAttribute[shape.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            attributes[i] = new SpanAttribute(tables.Symbols[Columns[shape[i]].Key], Column(shape[i]).At(positions[shape[i]]++));
        }
        var (resource, scope) = tables.Scopes[Scopes[row]];
        var (events, links) = Extras(row);
        return new Span
        {
            TraceId = Summaries[piece].Id,
            SpanId = ids[row],
            ParentSpanId = places[row] switch
            {
                0 => 0,
                1 => strangers[stranger++],
                var place => ids[first + place - 2],
            },
            Name = tables.Symbols[Names[row]],
            Kind = (SpanKind)Kinds[row],
            StartNs = Starts[row],
            EndNs = unchecked(Starts[row] + Durations[row]),
            Status = (SpanStatus)Statuses[row],
            StatusMessage = Texts[rare.StatusMessages[row]],
            TraceState = Texts[rare.TraceStates[row]],
            Flags = rare.Flags[row],
            Resource = resource,
            Scope = scope,
            Attributes = attributes,
            DroppedAttributes = rare.Dropped[0][row],
            Events = events,
            DroppedEvents = rare.Dropped[1][row],
            Links = links,
            DroppedLinks = rare.Dropped[2][row],
        };
    }

    private ByteReader Open(PageFrame frame)
    {
        var place = PlaceOf(frame);
        return new ByteReader(block.Read(place), block.FilePath, place.Offset);
    }

    private PageSummaries ReadTraces()
    {
        var place = PlaceOf(PageFrame.Summaries);
        return new PageSummaries(block.Read(place), _entry.Traces, tables.Symbols, block.FilePath, place.Offset);
    }

    private int[] ReadFirstRows()
    {
        var firsts = new int[_entry.Traces + 1];
        for (var i = 0; i < _entry.Traces; i++)
        {
            firsts[i + 1] = checked(firsts[i] + Traces.Spans[i]);
        }
        return firsts[^1] == _entry.Rows ? firsts
            : throw new CorruptFileException(block.FilePath, _entry.Offset, $"{firsts[^1]} spans of traces in a page of {_entry.Rows}");
    }

    private (long[], long[]) ReadTimes()
    {
        var reader = Open(PageFrame.Times);
        RoomFor(ref reader);
        var times = (new long[_entry.Rows], new long[_entry.Rows]);
        TimeColumns.Read(ref reader, times.Item1, times.Item2);
        return times;
    }

    private (int[], int[], byte[], byte[]) ReadNames()
    {
        var reader = Open(PageFrame.Names);
        RoomFor(ref reader);
        var names = Numbers(ref reader, tables.Symbols.Length);
        var scopes = Numbers(ref reader, tables.Scopes.Length);
        return (names, scopes, reader.Take(_entry.Rows).ToArray(), reader.Take(_entry.Rows).ToArray());
    }

    private (int[], int[], uint[], uint[][]) ReadRare()
    {
        var reader = Open(PageFrame.Rare);
        RoomFor(ref reader);
        var statusMessages = Numbers(ref reader, Texts.Length);
        var traceStates = Numbers(ref reader, Texts.Length);
        var flags = Counts(ref reader);
        return (statusMessages, traceStates, flags, [Counts(ref reader), Counts(ref reader), Counts(ref reader)]);
    }

    private ulong[] ReadIds()
    {
        var reader = Open(PageFrame.Ids);
        return MemoryMarshal.Cast<byte, ulong>(reader.Take(_entry.Rows * sizeof(ulong))).ToArray();
    }

    private (int[], ulong[]) ReadParents()
    {
        var reader = Open(PageFrame.Parents);
        RoomFor(ref reader);
        var places = Numbers(ref reader, int.MaxValue);
        var strangers = MemoryMarshal.Cast<byte, ulong>(reader.Take(reader.Remaining)).ToArray();
        var wanted = 0;
        for (var piece = 0; piece < _entry.Traces; piece++)
        {
            var (first, end) = (FirstRows[piece], FirstRows[piece + 1]);
            for (var row = first; row < end; row++)
            {
                wanted += places[row] == 1 ? 1 : 0;
                if (places[row] - 2 >= end - first)
                {
                    throw reader.Corrupt("a parent beyond its trace");
                }
            }
        }
        return wanted == strangers.Length ? (places, strangers) : throw reader.Corrupt($"{strangers.Length} parents for {wanted}");
    }

    private string[] ReadTexts()
    {
        var reader = Open(PageFrame.Texts);
        return TextTable.Read(ref reader);
    }

    private PageColumn[] ReadDirectory()
    {
        var reader = Open(PageFrame.Columns);
        var offset = PlaceOf(PageFrame.Filter) is var filter ? filter.Offset + filter.SizeBytes : 0;
        var columns = new PageColumn[reader.Count(minBytesEach: 4)];
        for (var i = 0; i < columns.Length; i++)
        {
            var key = AttributeCodec.Below(ref reader, tables.Symbols.Length);
            var kind = (AttributeKind)reader.U8();
            var count = AttributeCodec.Below(ref reader, int.MaxValue / 2);
            var frame = FrameSize.Read(ref reader);
            columns[i] = new PageColumn(key, kind, count, new FramePlace(offset, frame.SizeBytes, frame.RawBytes, frame.Checksum));
            offset += frame.SizeBytes;
        }
        return columns;
    }

    private (int[][], int[]) ReadShapes()
    {
        var reader = Open(PageFrame.Shapes);
        var shapes = new int[reader.Count()][];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = new int[reader.Count()];
            for (var j = 0; j < shapes[i].Length; j++)
            {
                shapes[i][j] = AttributeCodec.Below(ref reader, Columns.Length);
            }
        }
        RoomFor(ref reader);
        var ofRow = Numbers(ref reader, shapes.Length);
        var counts = new int[Columns.Length];
        foreach (var shape in ofRow)
        {
            foreach (var column in shapes[shape])
            {
                counts[column]++;
            }
        }
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] != Columns[i].Count)
            {
                throw reader.Corrupt($"{counts[i]} values of a column of {Columns[i].Count}");
            }
        }
        return (shapes, ofRow);
    }

    private void ReadExtraStarts()
    {
        if (_extraStarts is not null)
        {
            return;
        }
        _extras = block.Read(PlaceOf(PageFrame.Extras));
        var reader = new ByteReader(_extras, block.FilePath, PlaceOf(PageFrame.Extras).Offset);
        var starts = new int[_entry.Rows];
        for (var row = 0; row < starts.Length; row++)
        {
            starts[row] = reader.Position;
            ReadExtras(ref reader, 0);
        }
        _extraStarts = starts;
    }

    private (SpanEvent[], SpanLink[]) ReadExtras(ref ByteReader reader, long startNs)
    {
        var count = reader.Count(minBytesEach: 4);
        var events = count == 0 ? [] : new SpanEvent[count];
        for (var i = 0; i < events.Length; i++)
        {
            var timeNs = unchecked(startNs + reader.Varint());
            var name = AttributeCodec.Text(ref reader, Texts);
            var dropped = (uint)reader.UVarint();
            events[i] = new SpanEvent(timeNs, name, AttributeCodec.Read(ref reader, Texts), dropped);
        }
        count = reader.Count(minBytesEach: 28);
        var links = count == 0 ? [] : new SpanLink[count];
        for (var i = 0; i < links.Length; i++)
        {
            var id = new TraceId(reader.U64BigEndian(), reader.U64BigEndian());
            var spanId = reader.U64();
            var traceState = AttributeCodec.Text(ref reader, Texts);
            var (flags, dropped) = ((uint)reader.UVarint(), (uint)reader.UVarint());
            links[i] = new SpanLink(id, spanId, traceState, flags, AttributeCodec.Read(ref reader, Texts), dropped);
        }
        return (events, links);
    }

    private void RoomFor(ref ByteReader reader)
    {
        if (_entry.Rows > reader.Remaining)
        {
            throw reader.Corrupt($"{reader.Remaining} bytes for {_entry.Rows} spans");
        }
    }

    private int[] Numbers(ref ByteReader reader, int limit)
    {
        var numbers = new int[_entry.Rows];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = AttributeCodec.Below(ref reader, limit);
        }
        return numbers;
    }

    private uint[] Counts(ref ByteReader reader)
    {
        var numbers = new uint[_entry.Rows];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (uint)reader.UVarint();
        }
        return numbers;
    }
}
