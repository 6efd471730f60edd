using System.IO.Hashing;
using System.Numerics;

namespace Pharos.Storage.Logs.Columns;

/// <summary>One name of structured metadata while the rows of a block come: each distinct value once, and each row's number.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class MetadataColumnBuilder(string name)
{
    private const int Absent = -1;

    private int[] _numbers = [];
    private int _rows;
    private byte[] _texts = new byte[64];
    private int _textBytes;
    private int[] _ends = [];

    /// <summary>Value numbers plus one by hash, linear probing; 0 is empty.</summary>
    private int[] _table = new int[8];
    private uint[] _hashes = [];

    public string Name => name;

    public int Values { get; private set; }

    public int TextBytes => _textBytes;

    /// <summary>By row; shorter than the block where the last rows do not have the name.</summary>
    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, _rows);

    public ReadOnlySpan<byte> Value(int number)
    {
        var start = number == 0 ? 0 : _ends[number - 1];
        return _texts.AsSpan(start, _ends[number] - start);
    }

    /// <summary>Rows come rising; those left out do not have the name.</summary>
    public void Set(int row, ReadOnlySpan<byte> value) => SetNumber(row, NumberOf(value));

    public void SetNumber(int row, int number)
    {
        if (row < _rows)
        {
            // A name that comes twice in one row: the last value stays.
            _numbers[row] = number;
            return;
        }
        Pad(row);
        if (_rows == _numbers.Length)
        {
            Array.Resize(ref _numbers, Math.Max(4, _rows * 2));
        }
        _numbers[_rows++] = number;
    }

    public int NumberOf(ReadOnlySpan<byte> value)
    {
        var hash = (uint)XxHash3.HashToUInt64(value);
        var mask = _table.Length - 1;
        var at = (int)hash & mask;
        for (; _table[at] != 0; at = (at + 1) & mask)
        {
            var known = _table[at] - 1;
            if (_hashes[known] == hash && Value(known).SequenceEqual(value))
            {
                return known;
            }
        }
        Keep(value, hash);
        _table[at] = Values;
        if (Values * 4 > _table.Length * 3)
        {
            Grow();
        }
        return Values - 1;
    }

    /// <summary>The column over so many rows. The builder is not to be used afterwards.</summary>
    public LogMetadataColumn Build(int rows)
    {
        Pad(rows);
        return new LogMetadataColumn(name, _numbers.AsMemory(0, rows), _texts.AsMemory(0, _textBytes), _ends.AsMemory(0, Values));
    }

    private void Pad(int row)
    {
        if (row <= _rows)
        {
            return;
        }
        if (row > _numbers.Length)
        {
            Array.Resize(ref _numbers, Math.Max(row, _numbers.Length * 2));
        }
        _numbers.AsSpan(_rows, row - _rows).Fill(Absent);
        _rows = row;
    }

    private void Keep(ReadOnlySpan<byte> value, uint hash)
    {
        if (_textBytes + value.Length > _texts.Length)
        {
            Array.Resize(ref _texts, (int)BitOperations.RoundUpToPowerOf2((uint)(_textBytes + value.Length)));
        }
        value.CopyTo(_texts.AsSpan(_textBytes));
        _textBytes += value.Length;
        if (Values == _ends.Length)
        {
            Array.Resize(ref _ends, Math.Max(4, Values * 2));
            Array.Resize(ref _hashes, _ends.Length);
        }
        _ends[Values] = _textBytes;
        _hashes[Values++] = hash;
    }

    private void Grow()
    {
        _table = new int[_table.Length * 2];
        var mask = _table.Length - 1;
        for (var i = 0; i < Values; i++)
        {
            var at = (int)_hashes[i] & mask;
            while (_table[at] != 0)
            {
                at = (at + 1) & mask;
            }
            _table[at] = i + 1;
        }
    }
}
