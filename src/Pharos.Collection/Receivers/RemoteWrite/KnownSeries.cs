using Pharos.Collection.Hashing;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>The store's references of series by the bytes of their labels, so that a series that came before needs no label work.</summary>
/// <remarks>Thread-safe: looking up takes no lock, adding takes one for many series. The bytes are kept
/// as a <see cref="TextHasher"/> makes a hash of them. Senders repeat their series in the same order: entries
/// stand in the order in which they came, and where the next one is expected it mostly is, in memory that the processor has fetched
/// already. A reference may have gone out of use: the store says so, and it is replaced.</remarks>
internal sealed class KnownSeries
{
    /// <summary>24 bytes each and 5 to 11 to find it by: 280 MB where this many series are known. Then all are forgotten; those
    /// that still come are back after one more look at their labels.</summary>
    private const int MaxEntries = 8 * 1024 * 1024;

    private readonly Lock _adding = new();
    private volatile Table _table = new();

    /// <summary>The series that stands at a place; a reference of 0 where none does.</summary>
    public (TextHash Hash, ulong Reference) At(int expected) => _table.At(expected);

    /// <param name="expected">Where the series is expected, then where the next one is: anything at first.</param>
    /// <returns>0 where none is known.</returns>
    public ulong Find(TextHash hash, ref int expected) => _table.Find(hash, ref expected);

    /// <summary>Adds series in their order, or gives those that are known another reference.</summary>
    public void Remember(ReadOnlySpan<KeyValuePair<TextHash, ulong>> series)
    {
        if (series.IsEmpty)
        {
            return;
        }
        lock (_adding)
        {
            foreach (var (hash, reference) in series)
            {
                if (_table.Count >= MaxEntries)
                {
                    _table = new Table();
                }
                _table.Set(hash, reference);
            }
        }
    }

    /// <summary>Entries on pages in the order in which they came, and a table with open addressing of where they stand.</summary>
    /// <remarks>Whoever reads sees an entry only when it is whole: entries are never moved, and counted when they are written.</remarks>
    private sealed class Table
    {
        private const int PageSize = 2048;

        private volatile Entry[][] _pages = [];

        /// <summary>The number of an entry plus one; 0 for a free place.</summary>
        private volatile int[] _places = new int[256];
        private volatile int _count;

        public int Count => _count;

        public (TextHash Hash, ulong Reference) At(int expected)
        {
            if ((uint)expected >= (uint)_count)
            {
                return default;
            }
            ref var entry = ref EntryAt(expected);
            return (entry.Hash, Volatile.Read(ref entry.Reference));
        }

        public ulong Find(TextHash hash, ref int expected)
        {
            if (At(expected) is var known && known.Reference != 0 && known.Hash == hash)
            {
                expected++;
                return known.Reference;
            }
            var places = _places;
            expected = places[PlaceOf(places, hash)] - 1;
            return expected < 0 ? 0 : Volatile.Read(ref EntryAt(expected++).Reference);
        }

        /// <summary>The caller holds the lock.</summary>
        public void Set(TextHash hash, ulong reference)
        {
            var at = PlaceOf(_places, hash);
            if (_places[at] > 0)
            {
                Volatile.Write(ref EntryAt(_places[at] - 1).Reference, reference);
                return;
            }
            if (_count == _pages.Length * PageSize)
            {
                _pages = [.. _pages, new Entry[PageSize]];
            }
            EntryAt(_count) = new Entry(hash, reference);
            _count++;
            if (_count > _places.Length / 4 * 3)
            {
                Widen();
            }
            else
            {
                Volatile.Write(ref _places[at], _count);
            }
        }

        private ref Entry EntryAt(int number) => ref _pages[number / PageSize][number % PageSize];

        /// <summary>Where the hash stands, or the free place where it belongs.</summary>
        private int PlaceOf(int[] places, TextHash hash)
        {
            var mask = places.Length - 1;
            var at = (int)hash.Low & mask;
            while (Volatile.Read(ref places[at]) is var number and > 0 && EntryAt(number - 1).Hash != hash)
            {
                at = (at + 1) & mask;
            }
            return at;
        }

        private void Widen()
        {
            var places = new int[_places.Length * 2];
            for (var number = 0; number < _count; number++)
            {
                places[PlaceOf(places, EntryAt(number).Hash)] = number + 1;
            }
            _places = places;
        }
    }

    private struct Entry(TextHash hash, ulong reference)
    {
        public ulong Reference = reference;

        public readonly TextHash Hash = hash;
    }
}
