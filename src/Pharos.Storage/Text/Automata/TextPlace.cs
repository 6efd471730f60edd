using System.Text;

namespace Pharos.Storage.Text.Automata;

/// <summary>What stands at a place in a text.</summary>
internal static class TextPlace
{
    /// <summary>Stands for the code point before the first and behind the last.</summary>
    public const int None = -1;

    /// <summary>The code point at a place and how many characters it takes; half a surrogate pair is U+FFFD, as Go reads it.</summary>
    public static int RuneAt(string text, int at, out int length)
    {
        length = 1;
        if (at >= text.Length)
        {
            return None;
        }
        var c = text[at];
        if (!char.IsSurrogate(c))
        {
            return c;
        }
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out length);
        return rune.Value;
    }

    /// <summary>What holds between two code points.</summary>
    public static Assertions Between(int previous, int next)
    {
        var holds = IsWord(previous) == IsWord(next) ? Assertions.NoWordBoundary : Assertions.WordBoundary;
        holds |= previous is None or '\n' ? Assertions.LineBegin : Assertions.None;
        holds |= previous is None ? Assertions.TextBegin : Assertions.None;
        holds |= next is None or '\n' ? Assertions.LineEnd : Assertions.None;
        return holds | (next is None ? Assertions.TextEnd : Assertions.None);
    }

    /// <summary>A code point that stands for all before which the same assertions hold, as far as a program demands any.</summary>
    public static int Representative(int rune, Assertions demanded) => rune switch
    {
        None => None,
        '\n' when (demanded & Assertions.LineBegin) != 0 => '\n',
        _ when IsWord(rune) && (demanded & (Assertions.WordBoundary | Assertions.NoWordBoundary)) != 0 => 'a',
        _ => ' ',
    };

    private static bool IsWord(int rune) => rune >= 0 && RuneSet.WordCharacters.Contains(rune);
}
