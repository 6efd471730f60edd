using System.Buffers;
using System.Numerics;

namespace Pharos.Storage.Index;

/// <summary>A set of series ids while a selection is made: a bitmap for each 65,536 ids of which some is in it.</summary>
/// <remarks>Not thread-safe. Disposing gives the bitmaps back to the pool.</remarks>
internal sealed class IdSet : IDisposable
{
    /// <summary>How many low bits of an id number it within its bitmap.</summary>
    public const int BlockBits = 16;

    /// <summary>The words of one bitmap.</summary>
    public const int BlockWords = (1 << BlockBits) / 64;

    private readonly List<(ulong Key, ulong[] Words)> _blocks = [];
    private int _last;

    public bool IsEmpty
    {
        get
        {
            foreach (var (_, words) in _blocks)
            {
                if (words.AsSpan(0, BlockWords).IndexOfAnyExcept(0UL) >= 0)
                {
                    return false;
                }
            }
            return true;
        }
    }

    public int Count => _blocks.Sum(static block => BitWords.Count(block.Words.AsSpan(0, BlockWords)));

    public bool Contains(ulong id) => Find(id >> BlockBits) is { } words && (words[WordOf(id)] & BitOf(id)) != 0;

    public void Add(ulong id) => Block(id >> BlockBits)[WordOf(id)] |= BitOf(id);

    /// <summary>The bitmap of the ids that begin with <paramref name="key"/>, made where there is none.</summary>
    public Span<ulong> Block(ulong key)
    {
        var at = IndexOf(key);
        if (at < 0)
        {
            var words = ArrayPool<ulong>.Shared.Rent(BlockWords);
            words.AsSpan(0, BlockWords).Clear();
            at = ~at;
            _blocks.Insert(at, (key, words));
        }
        _last = at;
        return _blocks[at].Words.AsSpan(0, BlockWords);
    }

    /// <summary>The bitmap of the ids that begin with <paramref name="key"/>; null where none is in the set.</summary>
    public ulong[]? Find(ulong key) => IndexOf(key) is var at and >= 0 ? _blocks[at].Words : null;

    public void IntersectWith(IdSet other)
    {
        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            var (key, words) = _blocks[i];
            if (other.Find(key) is { } theirs)
            {
                BitWords.And(words.AsSpan(0, BlockWords), theirs.AsSpan(0, BlockWords));
                continue;
            }
            ArrayPool<ulong>.Shared.Return(words);
            _blocks.RemoveAt(i);
        }
        _last = 0;
    }

    public void ExceptWith(IdSet other)
    {
        foreach (var (key, words) in _blocks)
        {
            if (other.Find(key) is { } theirs)
            {
                BitWords.AndNot(words.AsSpan(0, BlockWords), theirs.AsSpan(0, BlockWords));
            }
        }
    }

    /// <summary>The ids, rising.</summary>
    public ulong[] ToArray()
    {
        var ids = new ulong[Count];
        var at = 0;
        foreach (var (key, words) in _blocks)
        {
            for (var i = 0; i < BlockWords; i++)
            {
                for (var word = words[i]; word != 0; word &= word - 1)
                {
                    ids[at++] = (key << BlockBits) | (uint)((i * 64) + BitOperations.TrailingZeroCount(word));
                }
            }
        }
        return ids;
    }

    public void Dispose()
    {
        foreach (var (_, words) in _blocks)
        {
            ArrayPool<ulong>.Shared.Return(words);
        }
        _blocks.Clear();
        _last = 0;
    }

    private static int WordOf(ulong id) => (int)(id & ((1 << BlockBits) - 1)) >> 6;

    private static ulong BitOf(ulong id) => 1UL << (int)(id & 63);

    /// <summary>Where the bitmap of a key is, or the complement of where it would be. Ids mostly come rising.</summary>
    private int IndexOf(ulong key)
    {
        if (_last < _blocks.Count && _blocks[_last].Key == key)
        {
            return _last;
        }
        var (from, to) = (0, _blocks.Count);
        while (from < to)
        {
            var middle = (from + to) >> 1;
            if (_blocks[middle].Key < key)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }
        return from < _blocks.Count && _blocks[from].Key == key ? from : ~from;
    }
}
