using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Texts or bytes of one meaning, while they are gathered: distinct ones and an index where few are distinct, else one after the other.</summary>
internal sealed class TextColumn
{
    public const byte WithIndex = 0;
    public const byte Plain = 1;

    private readonly TextTable _distinct = new();
    private readonly List<int> _index = [];

    public int Count => _index.Count;

    /// <param name="hash">By one function for all texts of the column.</param>
    /// <returns>Whether the text is new.</returns>
    public bool Add(ReadOnlySpan<byte> text, ulong hash)
    {
        _index.Add(_distinct.IndexOf(text, unchecked((uint)hash), out var isNew));
        return isNew;
    }

    public void Clear()
    {
        _distinct.Clear();
        _index.Clear();
    }

    /// <summary>Distinct texts without an index where each stands once.</summary>
    public void Write(ByteWriter into)
    {
        into.U8(_distinct.Count == _index.Count ? Plain : WithIndex);
        into.UVarint((ulong)_distinct.Count);
        for (var i = 0; i < _distinct.Count; i++)
        {
            into.UVarint((ulong)_distinct[i].Length);
        }
        for (var i = 0; i < _distinct.Count; i++)
        {
            into.Bytes(_distinct[i]);
        }
        if (_distinct.Count == _index.Count)
        {
            return;
        }
        foreach (var number in _index)
        {
            into.U8((byte)number);
        }
        if (_distinct.Count > byte.MaxValue)
        {
            foreach (var number in _index)
            {
                into.UVarint((ulong)(number >> 8));
            }
        }
    }
}
