using System.IO.Hashing;
using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Records;

/// <summary>Distinct texts in the order in which they came, while they are gathered.</summary>
/// <remarks>Not thread-safe; made to be cleared and filled again. Texts are UTF-8; a table is filled either by <see cref="IndexOf"/> or by
/// numbers, for which 0 is the empty text and 1 the first of the others.</remarks>
internal sealed class TextTable
{
    private const int FirstSlots = 64;
    private const int MaxOnStack = 512;

    private readonly ByteWriter _bytes = new();
    private readonly List<(int Start, int Length, uint Hash)> _places = [];

    /// <summary>Open addressing, at most half full: a place's index and 1, or 0.</summary>
    private int[] _slots = new int[FirstSlots];

    /// <summary>Without the empty one, where there are numbers.</summary>
    public int Count => _places.Count;

    /// <summary>Each with its length before it.</summary>
    public ReadOnlySpan<byte> Written => _bytes.Written;

    /// <summary>A text by its index.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.Written.Slice(_places[index].Start, _places[index].Length);

    /// <summary>A text by its number.</summary>
    public ReadOnlySpan<byte> Text(int number) => number == 0 ? default : this[number - 1];

    public void Clear()
    {
        _bytes.Clear();
        _places.Clear();
        Array.Clear(_slots);
    }

    public int NumberOf(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? 0 : IndexOf(text, unchecked((uint)XxHash3.HashToUInt64(text)), out _) + 1;

    public int NumberOf(string text)
    {
        var most = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> utf8 = most <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[most];
        return NumberOf(utf8[..System.Text.Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <param name="hash">By one function for all texts of the table.</param>
    /// <returns>From 0 on.</returns>
    public int IndexOf(ReadOnlySpan<byte> text, uint hash, out bool isNew)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] - 1 is var index and >= 0)
        {
            var (start, length, known) = _places[index];
            if (known == hash && text.SequenceEqual(_bytes.Written.Slice(start, length)))
            {
                isNew = false;
                return index;
            }
            slot = (slot + 1) & mask;
        }
        isNew = true;
        return Add(text, hash, slot);
    }

    public void Write(ByteWriter into)
    {
        into.UVarint((ulong)Count);
        into.Bytes(Written);
    }

    /// <summary>The texts by number.</summary>
    public static string[] Read(ref ByteReader reader)
    {
        var texts = new string[reader.Count() + 1];
        texts[0] = "";
        for (var i = 1; i < texts.Length; i++)
        {
            texts[i] = reader.Text();
        }
        return texts;
    }

    private int Add(ReadOnlySpan<byte> text, uint hash, int slot)
    {
        _bytes.UVarint((ulong)text.Length);
        _places.Add((_bytes.Length, text.Length, hash));
        _bytes.Bytes(text);
        _slots[slot] = _places.Count;
        if (_places.Count * 2 > _slots.Length)
        {
            Widen();
        }
        return _places.Count - 1;
    }

    private void Widen()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var i = 0; i < _places.Count; i++)
        {
            var slot = (int)_places[i].Hash & mask;
            while (_slots[slot] > 0)
            {
                slot = (slot + 1) & mask;
            }
            _slots[slot] = i + 1;
        }
    }
}
