using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Blocks;

namespace Pharos.Storage.Traces.Pages;

/// <summary>The attributes of a page's spans while they are gathered: each span has a shape, the keys and kinds in their order, and each key
/// and kind a column of values.</summary>
/// <remarks>Not thread-safe. The attributes of a span come one after the other, then <see cref="EndRow"/>.</remarks>
internal sealed class AttributeColumns
{
    /// <summary>Columns that are kept for the next page, with their buffers.</summary>
    private const int MaxIdle = 256;

    private readonly BlockTablesBuilder _tables;
    private readonly Dictionary<(int Key, AttributeKind Kind), AttributeColumnBuilder> _columns = [];
    private readonly List<AttributeColumnBuilder> _order = [];
    private readonly Stack<AttributeColumnBuilder> _idle = [];
    private readonly Dictionary<string, int> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _shapeNumbers;
    private readonly ByteWriter _shapeTable = new();
    private readonly List<int> _shapeOfRow = [];

    /// <summary>The columns of the row at hand, two characters each.</summary>
    private char[] _shape = new char[64];
    private int _length;

    /// <summary>The column that was last at each place of a row: mostly it is there again.</summary>
    private AttributeColumnBuilder?[] _guesses = new AttributeColumnBuilder?[32];

    public AttributeColumns(BlockTablesBuilder tables)
    {
        _tables = tables;
        _shapeNumbers = _shapes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Hashes of keys with values, distinct by column.</summary>
    public List<ulong> Hashes { get; } = [];

    public int ColumnCount => _order.Count;

    public void Clear()
    {
        foreach (var column in _order)
        {
            if (_idle.Count < MaxIdle)
            {
                _idle.Push(column);
            }
        }
        _columns.Clear();
        _order.Clear();
        _shapes.Clear();
        _shapeTable.Clear();
        _shapeOfRow.Clear();
        Array.Clear(_guesses);
        Hashes.Clear();
    }

    /// <param name="key">The number of the key's text in the block.</param>
    /// <param name="bits">Of a bool, an integer or a double.</param>
    /// <param name="content">Of any other kind.</param>
    public void Add(int key, AttributeKind kind, long bits, ReadOnlySpan<byte> content)
    {
        if (_length == _guesses.Length)
        {
            Array.Resize(ref _guesses, _length * 2);
            Array.Resize(ref _shape, _length * 4);
        }
        ref var column = ref _guesses[_length];
        if (column is null || column.Key != key || column.Kind != kind)
        {
            column = ColumnOf(key, kind);
        }
        column.Add(bits, content, Hashes);
        (_shape[2 * _length], _shape[(2 * _length) + 1]) = ((char)(column.Number >> 16), (char)column.Number);
        _length++;
    }

    /// <summary>Ends the row at hand, which may have no attribute.</summary>
    public void EndRow()
    {
        var row = _shape.AsSpan(0, _length * 2);
        if (!_shapeNumbers.TryGetValue(row, out var shape))
        {
            shape = _shapes.Count;
            _shapeNumbers[row] = shape;
            _shapeTable.UVarint((ulong)_length);
            for (var i = 0; i < _length; i++)
            {
                _shapeTable.UVarint(((ulong)_shape[2 * i] << 16) | _shape[(2 * i) + 1]);
            }
        }
        _shapeOfRow.Add(shape);
        _length = 0;
    }

    public void WriteShapes(ByteWriter into)
    {
        into.UVarint((ulong)_shapes.Count);
        into.Bytes(_shapeTable.Written);
        foreach (var shape in _shapeOfRow)
        {
            into.UVarint((ulong)shape);
        }
    }

    public (int Key, AttributeKind Kind, int Count) Describe(int column) => (_order[column].Key, _order[column].Kind, _order[column].Count);

    public void WriteColumn(int column, ByteWriter into) => _order[column].Write(into);

    private AttributeColumnBuilder ColumnOf(int key, AttributeKind kind)
    {
        if (_columns.TryGetValue((key, kind), out var known))
        {
            return known;
        }
        var column = _idle.TryPop(out var idle) ? idle : new AttributeColumnBuilder();
        column.Begin(_order.Count, key, kind, AttributeHash.SeedOf(_tables.Symbols.Text(key)));
        _columns.Add((key, kind), column);
        _order.Add(column);
        _tables.NoteKey(key, AttributeScopes.Span);
        return column;
    }
}
