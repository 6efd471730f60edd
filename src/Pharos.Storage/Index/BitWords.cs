using System.Numerics;
using System.Runtime.Intrinsics;

namespace Pharos.Storage.Index;

/// <summary>Set operations on words of bits, many words at a time.</summary>
/// <remarks>The plain twins are what tests hold the others against; both take spans of the same length.</remarks>
internal static class BitWords
{
    public static void And(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        var done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done + Vector256<ulong>.Count <= into.Length; done += Vector256<ulong>.Count)
            {
                Store(Load(into, done) & Load(other, done), into, done);
            }
        }
        AndPlain(into[done..], other[done..]);
    }

    /// <summary>Takes the bits of <paramref name="other"/> out of <paramref name="into"/>.</summary>
    public static void AndNot(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        var done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done + Vector256<ulong>.Count <= into.Length; done += Vector256<ulong>.Count)
            {
                Store(Vector256.AndNot(Load(into, done), Load(other, done)), into, done);
            }
        }
        AndNotPlain(into[done..], other[done..]);
    }

    public static void Or(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        var done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done + Vector256<ulong>.Count <= into.Length; done += Vector256<ulong>.Count)
            {
                Store(Load(into, done) | Load(other, done), into, done);
            }
        }
        OrPlain(into[done..], other[done..]);
    }

    public static int Count(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }
        return count;
    }

    public static void AndPlain(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] &= other[i];
        }
    }

    public static void AndNotPlain(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] &= ~other[i];
        }
    }

    public static void OrPlain(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] |= other[i];
        }
    }

    private static Vector256<ulong> Load(ReadOnlySpan<ulong> words, int at) => Vector256.Create(words[at..]);

    private static void Store(Vector256<ulong> words, Span<ulong> into, int at) => words.CopyTo(into[at..]);
}
