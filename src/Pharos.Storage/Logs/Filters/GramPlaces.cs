using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pharos.Storage.Logs.Filters;

/// <summary>Finds the places at which pieces of words and ids begin, as <see cref="TextGrams"/> defines them, many at a time.</summary>
internal static class GramPlaces
{
    /// <summary>What is looked at.</summary>
    public const int Bytes = 64;

    /// <summary>The places that are known by <see cref="WordsIn"/>: a piece has up to four bytes.</summary>
    public const int KnownWords = Bytes - 3;

    /// <summary>The places that are known by <see cref="IdsIn"/>.</summary>
    public const int KnownIds = Bytes - TextGrams.IdBytes + 1;

    /// <summary>A bit for each of the first <see cref="KnownWords"/> bytes at which a piece of three or of four bytes begins.</summary>
    /// <param name="first">Of <see cref="Bytes"/> bytes.</param>
    public static ulong WordsIn(ref byte first)
    {
        Look(Vector256.LoadUnsafe(ref first), out var lowEnds, out var lowHex);
        Look(Vector256.LoadUnsafe(ref Unsafe.Add(ref first, Vector256<byte>.Count)), out var highEnds, out var highHex);
        var word = ~(lowEnds | ((ulong)highEnds << Vector256<byte>.Count));
        var hex = lowHex | ((ulong)highHex << Vector256<byte>.Count);
        var (threeOfWord, threeHex) = (word & (word >> 1) & (word >> 2), hex & (hex >> 1) & (hex >> 2));
        var three = threeOfWord & ~threeHex;
        var four = threeOfWord & (word >> 3) & ~(threeHex & (hex >> 3));
        return (three | four) & ((1UL << KnownWords) - 1);
    }

    /// <summary>A bit for each of the first <see cref="KnownIds"/> bytes from which on <see cref="TextGrams.IdBytes"/> bytes are all letters, digits,
    /// '-' or '_'.</summary>
    /// <param name="first">Of <see cref="Bytes"/> bytes.</param>
    public static ulong IdsIn(ref byte first)
    {
        var one = OfRuns(Vector256.LoadUnsafe(ref first))
            | ((ulong)OfRuns(Vector256.LoadUnsafe(ref Unsafe.Add(ref first, Vector256<byte>.Count))) << Vector256<byte>.Count);
        var two = one & (one >> 1);
        var four = two & (two >> 2);
        var eight = four & (four >> 4);
        return eight & (eight >> 8) & ((1UL << KnownIds) - 1);
    }

    private static uint OfRuns(Vector256<byte> bytes)
    {
        var digits = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        var letters = Vector256.LessThan((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
        var joints = Vector256.Equals(bytes, Vector256.Create((byte)'-')) | Vector256.Equals(bytes, Vector256.Create((byte)'_'));
        return (digits | letters | joints).ExtractMostSignificantBits();
    }

    /// <param name="ends">Digits and ends of lines.</param>
    /// <param name="hexLetters">The letters a to f, small or capital.</param>
    private static void Look(Vector256<byte> bytes, out uint ends, out uint hexLetters)
    {
        var digits = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        ends = (digits | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))).ExtractMostSignificantBits();
        var letters = (bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a');
        hexLetters = Vector256.LessThan(letters, Vector256.Create((byte)6)).ExtractMostSignificantBits();
    }
}
