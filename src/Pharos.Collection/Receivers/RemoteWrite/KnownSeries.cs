using System.IO.Hashing;
using System.Security.Cryptography;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>The store's references of series by the bytes of their labels, so that a series that came before needs no label work.</summary>
/// <remarks>Thread-safe: one lock per stripe. The bytes are kept as a 128-bit hash under a key of this process, so that nobody can
/// send two label sets that are taken for one. A reference may have gone out of use: the store says so, and it is replaced. When a
/// stripe is full it is emptied; series that still come are back after one more look at their labels.</remarks>
internal sealed class KnownSeries
{
    /// <summary>24 bytes each, twice as many places as entries at most: 400 MB where this many series are known.</summary>
    private const int MaxEntries = 8 * 1024 * 1024;

    private const int StripeCount = 16;

    private readonly long _key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(static _ => new Stripe())];

    public UInt128 HashOf(ReadOnlySpan<byte> labels) => XxHash128.HashToUInt128(labels, _key);

    /// <returns>0 where none is known.</returns>
    public ulong Find(UInt128 hash) => StripeOf(hash).Find(hash);

    public void Remember(UInt128 hash, ulong reference) => StripeOf(hash).Set(hash, reference);

    private Stripe StripeOf(UInt128 hash) => _stripes[(int)(ulong)(hash >> 64) & (StripeCount - 1)];

    /// <summary>A table with open addressing; a reference of 0 is a free place.</summary>
    private sealed class Stripe
    {
        private const int FirstPlaces = 256;

        private readonly Lock _lock = new();
        private Entry[] _entries = new Entry[FirstPlaces];
        private int _count;

        public ulong Find(UInt128 hash)
        {
            lock (_lock)
            {
                return PlaceOf(_entries, hash).Reference;
            }
        }

        public void Set(UInt128 hash, ulong reference)
        {
            lock (_lock)
            {
                ref var place = ref PlaceOf(_entries, hash);
                if (place.Reference == 0)
                {
                    if (_count >= MaxEntries / StripeCount)
                    {
                        Array.Clear(_entries);
                        _count = 0;
                    }
                    else if (_count >= _entries.Length / 4 * 3)
                    {
                        Grow();
                    }
                    place = ref PlaceOf(_entries, hash);
                    _count++;
                }
                place = new Entry(hash, reference);
            }
        }

        private static ref Entry PlaceOf(Entry[] entries, UInt128 hash)
        {
            var mask = entries.Length - 1;
            for (var at = (int)(ulong)hash & mask; ; at = (at + 1) & mask)
            {
                ref var entry = ref entries[at];
                if (entry.Reference == 0 || entry.Hash == hash)
                {
                    return ref entry;
                }
            }
        }

        private void Grow()
        {
            var wider = new Entry[_entries.Length * 2];
            foreach (var entry in _entries.Where(static entry => entry.Reference != 0))
            {
                PlaceOf(wider, entry.Hash) = entry;
            }
            _entries = wider;
        }
    }

    /// <summary>In three words: a field of 128 bits would be aligned to 16 bytes and take a fourth.</summary>
    private readonly struct Entry(UInt128 hash, ulong reference)
    {
        private readonly ulong _high = (ulong)(hash >> 64);
        private readonly ulong _low = (ulong)hash;

        public ulong Reference { get; } = reference;

        public UInt128 Hash => new(_high, _low);
    }
}
