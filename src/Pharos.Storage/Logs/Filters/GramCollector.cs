using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Logs.Filters;

/// <summary>The distinct pieces of a block's lines.</summary>
/// <remarks>Not thread-safe. What was seen lately is looked up in small tables first: lines repeat themselves.</remarks>
internal sealed class GramCollector
{
    private const int LatelyBits = 13;

    /// <summary>Eight bytes have no word pieces but those that lie in them; so eight that were seen before need not be looked at again.</summary>
    private const int StretchBits = 14;

    /// <summary>Where pieces of four bytes begin that lie in a stretch.</summary>
    private const ulong StretchPlaces = (1UL << (sizeof(ulong) - 3)) - 1;

    private readonly GramSet _words = new();
    private readonly GramSet _ids = new();
    private readonly uint[] _lately = new uint[1 << LatelyBits];
    private readonly uint[] _latelyThree = new uint[1 << LatelyBits];
    private readonly ulong[] _stretches = new ulong[1 << StretchBits];

    /// <summary>Of the pieces of words collected last, as hashes; good until more are collected.</summary>
    public ReadOnlySpan<ulong> Words => _words.All();

    /// <summary>Of the pieces of ids, likewise.</summary>
    public ReadOnlySpan<ulong> Ids => _ids.All();

    public void Collect(ReadOnlySpan<byte> lines)
    {
        _words.Clear();
        _ids.Clear();
        Array.Clear(_lately);
        Array.Clear(_latelyThree);
        Array.Clear(_stretches);
        var sink = new Sink(this);
        CollectWords(lines, _stretches, ref sink);
        TextGrams.Ids(lines, ref sink);
    }

    /// <summary>As <see cref="TextGrams.Words"/> over all of the lines, without most of what repeats: goes from one place at which a piece begins to
    /// the next, and looks at the stretch there if it was not seen lately.</summary>
    private static void CollectWords(ReadOnlySpan<byte> lines, ulong[] seenStretches, ref Sink sink)
    {
        ref var first = ref MemoryMarshal.GetReference(lines);
        ref var stretches = ref MemoryMarshal.GetArrayDataReference(seenStretches);
        var from = 0;
        for (; from + GramPlaces.Bytes + sizeof(ulong) <= lines.Length; from += GramPlaces.KnownWords)
        {
            for (var places = GramPlaces.WordsIn(ref Unsafe.Add(ref first, from)); places != 0;)
            {
                var place = BitOperations.TrailingZeroCount(places);
                places &= ~(StretchPlaces << place);
                var stretch = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, from + place));
                ref var seen = ref Unsafe.Add(ref stretches, (int)((stretch * 0x9E3779B97F4A7C15) >> (64 - StretchBits)));
                if (seen != stretch || stretch == 0)
                {
                    seen = stretch;
                    TextGrams.Words(lines.Slice(from + place, sizeof(ulong)), ref sink);
                }
            }
        }
        TextGrams.Words(lines[from..], ref sink);
    }

    private readonly struct Sink(GramCollector collector) : IGramSink
    {
        private readonly uint[] _lately = collector._lately;
        private readonly uint[] _latelyThree = collector._latelyThree;

        public void Three(uint gram)
        {
            ref var seen = ref _latelyThree[(gram * 0x9E3779B1) >> (32 - LatelyBits)];
            if (seen == gram && gram != 0)
            {
                return;
            }
            seen = gram;
            collector._words.Add(TextFilter.HashOf(gram, isLong: false));
        }

        public void Four(uint gram, bool isThreeKnown)
        {
            // Bytes that are all 0 are looked up each time: it is what the tables begin with.
            ref var seen = ref _lately[(gram * 0x9E3779B1) >> (32 - LatelyBits)];
            if (seen == gram && gram != 0)
            {
                return;
            }
            seen = gram;
            collector._words.Add(TextFilter.HashOf(gram, isLong: true));
            if (isThreeKnown)
            {
                Three(gram & 0xffffff);
            }
        }

        public void Id(ulong hash) => collector._ids.Add(hash);
    }
}
