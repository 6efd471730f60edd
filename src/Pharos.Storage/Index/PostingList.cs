using System.Numerics;

namespace Pharos.Storage.Index;

/// <summary>The sorted ids of the series that carry one label pair: for each 65,536 ids a list of 16-bit numbers, or a bitmap
/// where that is shorter.</summary>
/// <remarks>Not thread-safe; guarded by the lock of its index. Ids mostly come rising.</remarks>
internal sealed class PostingList
{
    /// <summary>As many 16-bit numbers take the room of a bitmap.</summary>
    private const int MaxSparse = IdSet.BlockWords * sizeof(ulong) / sizeof(ushort);

    private Part[] _parts = new Part[1];
    private int _partCount;

    public int Count { get; private set; }

    public void Add(ulong id)
    {
        ref var part = ref PartOf(id >> IdSet.BlockBits);
        var low = (ushort)id;
        if (part.Dense is { } dense)
        {
            ref var word = ref dense[low >> 6];
            var bit = 1UL << (low & 63);
            if ((word & bit) == 0)
            {
                word |= bit;
                part.Count++;
                Count++;
            }
            return;
        }
        var at = part.Count > 0 && part.Sparse![part.Count - 1] >= low ? part.Sparse.AsSpan(0, part.Count).BinarySearch(low) : ~part.Count;
        if (at >= 0)
        {
            return;
        }
        Count++;
        if (part.Count == MaxSparse)
        {
            part.ToDense();
            part.Dense![low >> 6] |= 1UL << (low & 63);
            part.Count++;
            return;
        }
        part.Insert(~at, low);
    }

    /// <summary>Takes out every id that is in <paramref name="gone"/>.</summary>
    public void Remove(IdSet gone)
    {
        var kept = 0;
        Count = 0;
        for (var i = 0; i < _partCount; i++)
        {
            var part = _parts[i];
            if (gone.Find(part.Key) is { } words)
            {
                part.Remove(words);
            }
            if (part.Count > 0)
            {
                _parts[kept++] = part;
                Count += part.Count;
            }
        }
        Array.Clear(_parts, kept, _partCount - kept);
        _partCount = kept;
    }

    public void AddTo(IdSet set)
    {
        for (var i = 0; i < _partCount; i++)
        {
            ref readonly var part = ref _parts[i];
            var words = set.Block(part.Key);
            if (part.Dense is { } dense)
            {
                BitWords.Or(words, dense);
                continue;
            }
            foreach (var low in part.Sparse.AsSpan(0, part.Count))
            {
                words[low >> 6] |= 1UL << (low & 63);
            }
        }
    }

    private ref Part PartOf(ulong key)
    {
        var at = _partCount;
        while (at > 0 && _parts[at - 1].Key > key)
        {
            at--;
        }
        if (at > 0 && _parts[at - 1].Key == key)
        {
            return ref _parts[at - 1];
        }
        if (_partCount == _parts.Length)
        {
            Array.Resize(ref _parts, _partCount * 2);
        }
        Array.Copy(_parts, at, _parts, at + 1, _partCount - at);
        _partCount++;
        _parts[at] = new Part { Key = key, Sparse = new ushort[2] };
        return ref _parts[at];
    }

    private struct Part
    {
        public ulong Key;
        public int Count;
        public ushort[]? Sparse;
        public ulong[]? Dense;

        public void Insert(int at, ushort low)
        {
            if (Count == Sparse!.Length)
            {
                Array.Resize(ref Sparse, Math.Min(MaxSparse, Count + (Count / 2) + 2));
            }
            // Called for every label of every series while the store is read, when spans of these types are not compiled well yet.
            if (at < Count)
            {
                Array.Copy(Sparse, at, Sparse, at + 1, Count - at);
            }
            Sparse[at] = low;
            Count++;
        }

        public void ToDense()
        {
            Dense = new ulong[IdSet.BlockWords];
            foreach (var low in Sparse.AsSpan(0, Count))
            {
                Dense[low >> 6] |= 1UL << (low & 63);
            }
            Sparse = null;
        }

        public void Remove(ulong[] gone)
        {
            if (Dense is not null)
            {
                BitWords.AndNot(Dense, gone.AsSpan(0, IdSet.BlockWords));
                Count = BitWords.Count(Dense);
                if (Count <= MaxSparse / 2)
                {
                    ToSparse();
                }
                return;
            }
            var kept = 0;
            foreach (var low in Sparse.AsSpan(0, Count))
            {
                if ((gone[low >> 6] & (1UL << (low & 63))) == 0)
                {
                    Sparse![kept++] = low;
                }
            }
            Count = kept;
            if (Count < Sparse!.Length / 4)
            {
                Array.Resize(ref Sparse, Math.Max(2, Count));
            }
        }

        private void ToSparse()
        {
            Sparse = new ushort[Count + 2];
            var at = 0;
            for (var i = 0; i < Dense!.Length; i++)
            {
                for (var word = Dense[i]; word != 0; word &= word - 1)
                {
                    Sparse[at++] = (ushort)((i * 64) + BitOperations.TrailingZeroCount(word));
                }
            }
            Dense = null;
        }
    }
}
