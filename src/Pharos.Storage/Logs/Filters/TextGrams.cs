using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Logs.Filters;

/// <summary>The pieces of a text by which a filter knows it: what it finds in a text it finds in every line that holds the text.</summary>
/// <remarks>Letters of ASCII count as small ones. Words: every three and every four bytes without a digit, but for those made of the letters a
/// to f alone, which random ids have all of. Ids: of each run of at least <see cref="IdBytes"/> letters, digits, '-' and '_' with a digit in
/// it, of every <see cref="Window"/> successive pieces of eight bytes the one with the lowest hash: every text of <see cref="IdBytes"/> such
/// bytes has one, and a line need only keep a fifth of its pieces. Shorter runs with digits are not known: numbers are everywhere.</remarks>
internal static class TextGrams
{
    /// <summary>The shortest run that is known as an id.</summary>
    public const int IdBytes = PieceBytes + Window - 1;

    private const int PieceBytes = 8;
    private const int Window = 9;

    /// <summary>Longer runs are looked at piece by piece. Room for one is wiped for each run, so it must not be much.</summary>
    private const int MaxRunBytes = 256;

    /// <summary>Room for a window, whose places are told by their lowest bits.</summary>
    private const int Ring = 16;

    private const byte DigitClass = 1;
    private const byte RunClass = 2;
    private const byte HexLetterClass = 4;

    private static readonly SearchValues<byte> RunBytes = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);
    private static readonly byte[] Folded = MakeFolded();
    private static readonly byte[] Classes = MakeClasses();

    /// <summary>Small letters for capital ones.</summary>
    public static ReadOnlySpan<byte> FoldTable => Folded;

    /// <summary>Hands every word piece of a text on, as often as it is there.</summary>
    public static void Words<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, IGramSink
    {
        ref var classes = ref MemoryMarshal.GetArrayDataReference(Classes);
        ref var folded = ref MemoryMarshal.GetArrayDataReference(Folded);
        var gram = 0u;

        // How many bytes, up to this one, have no digit; and how many are letters a to f.
        var (length, hexLetters) = (0, 0);
        foreach (var value in text)
        {
            var kind = Unsafe(ref classes, value);
            if ((kind & DigitClass) != 0 || value == (byte)'\n')
            {
                (length, hexLetters) = (0, 0);
                continue;
            }
            gram = (gram << 8) | Unsafe(ref folded, value);
            length++;
            hexLetters = (kind & HexLetterClass) != 0 ? hexLetters + 1 : 0;
            if (length >= 4)
            {
                if (hexLetters < 4)
                {
                    sink.Four(gram, isThreeKnown: hexLetters < 3);
                }
            }
            else if (length == 3 && hexLetters < 3)
            {
                sink.Three(gram & 0xffffff);
            }
        }

        static byte Unsafe(ref byte table, byte at) => System.Runtime.CompilerServices.Unsafe.Add(ref table, at);
    }

    /// <summary>Hands the chosen pieces of every id on.</summary>
    public static void Ids<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, IGramSink
    {
        var at = 0;
        while (at + GramPlaces.Bytes <= text.Length)
        {
            var places = GramPlaces.IdsIn(ref MemoryMarshal.GetReference(text[at..]));
            if (places == 0)
            {
                at += GramPlaces.KnownIds;
                continue;
            }
            at += BitOperations.TrailingZeroCount(places);
            at = RunFrom(text, at, ref sink);
        }
        FewIds(text[at..], ref sink);
    }

    /// <summary>As <see cref="Ids"/>, for a text that is too short to be looked at in one go.</summary>
    private static void FewIds<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, IGramSink
    {
        for (var at = 0; at + IdBytes <= text.Length; at++)
        {
            if (!text.Slice(at, IdBytes).ContainsAnyExcept(RunBytes))
            {
                at = RunFrom(text, at, ref sink);
            }
        }
    }

    /// <summary>Hands on the pieces of a run that begins somewhere with <see cref="IdBytes"/> bytes at least.</summary>
    /// <returns>Where it ends.</returns>
    private static int RunFrom<TSink>(ReadOnlySpan<byte> text, int start, ref TSink sink)
        where TSink : struct, IGramSink
    {
        var end = start + IdBytes;
        while (end < text.Length && (Classes[text[end]] & RunClass) != 0)
        {
            end++;
        }
        Run(text[start..end], ref sink);
        return end;
    }

    private static void Run<TSink>(ReadOnlySpan<byte> run, ref TSink sink)
        where TSink : struct, IGramSink
    {
        if (!run.ContainsAnyInRange((byte)'0', (byte)'9'))
        {
            return;
        }
        Span<byte> folded = stackalloc byte[MaxRunBytes];
        Span<ulong> hashes = stackalloc ulong[Ring];

        // Long runs piece by piece, each with the end of the one before.
        while (true)
        {
            var piece = run[..Math.Min(run.Length, MaxRunBytes)];
            for (var i = 0; i < piece.Length; i++)
            {
                folded[i] = Folded[piece[i]];
            }
            Choose(folded[..piece.Length], hashes, ref sink);
            if (piece.Length == run.Length)
            {
                return;
            }
            run = run[(piece.Length - IdBytes + 1)..];
        }
    }

    private static void Choose<TSink>(ReadOnlySpan<byte> run, Span<ulong> hashes, ref TSink sink)
        where TSink : struct, IGramSink
    {
        var pieces = run.Length - PieceBytes + 1;
        var (lowest, lowestAt, given) = (ulong.MaxValue, -1, -1);
        for (var i = 0; i < pieces; i++)
        {
            var hash = HashOf(BinaryPrimitives.ReadUInt64LittleEndian(run[i..]));
            hashes[i & (Ring - 1)] = hash;
            if (hash <= lowest)
            {
                (lowest, lowestAt) = (hash, i);
            }
            else if (lowestAt <= i - Window)
            {
                lowest = ulong.MaxValue;
                for (var j = i - Window + 1; j <= i; j++)
                {
                    if (hashes[j & (Ring - 1)] <= lowest)
                    {
                        (lowest, lowestAt) = (hashes[j & (Ring - 1)], j);
                    }
                }
            }
            if (i >= Window - 1 && lowestAt != given)
            {
                given = lowestAt;
                sink.Id(lowest);
            }
        }
    }

    /// <summary>Of a piece of an id.</summary>
    private static ulong HashOf(ulong piece)
    {
        var mixed = (piece ^ (piece >> 29)) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93;
        return mixed ^ (mixed >> 31);
    }

    private static byte[] MakeFolded()
    {
        var table = new byte[256];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = i is >= 'A' and <= 'Z' ? (byte)(i | 0x20) : (byte)i;
        }
        return table;
    }

    private static byte[] MakeClasses()
    {
        var table = new byte[256];
        for (var i = 0; i < table.Length; i++)
        {
            var isDigit = i is >= '0' and <= '9';
            var isLetter = (i | 0x20) is >= 'a' and <= 'z' && i < 128;
            table[i] = (byte)((isDigit ? DigitClass : 0) | (isDigit || isLetter || i is '-' or '_' ? RunClass : 0)
                | (isLetter && (i | 0x20) <= 'f' ? HexLetterClass : 0));
        }
        return table;
    }
}
