using System.Collections.Immutable;

namespace Pharos.Storage.Text.Automata;

/// <summary>The longest text of ASCII that every match of a pattern has in it, in capital or small letters.</summary>
internal static class FoldedLiteral
{
    /// <summary>Shorter texts are everywhere.</summary>
    private const int MinLength = 3;

    /// <returns>Null where no such text is known.</returns>
    public static string? Of(PatternNode node) => node switch
    {
        PatternNode.Literal { Folded: true } literal => LongestRun(literal.Runes),
        PatternNode.Capture capture => Of(capture.Inner),
        PatternNode.Sequence sequence => sequence.Parts.Select(Of).MaxBy(static text => text?.Length ?? 0),
        PatternNode.Repeat { Min: > 0 } repeat => Of(repeat.Inner),
        _ => null,
    };

    private static string? LongestRun(ImmutableArray<int> runes)
    {
        var (best, start) = ("", 0);
        for (var i = 0; i <= runes.Length; i++)
        {
            if (i < runes.Length && IsPlain(runes[i]))
            {
                continue;
            }
            if (i - start > best.Length)
            {
                best = string.Concat(runes.AsSpan(start, i - start).ToArray().Select(static rune => (char)rune));
            }
            start = i + 1;
        }
        return best.Length >= MinLength ? best : null;
    }

    /// <summary>Two letters of ASCII have a third form outside of it: the sign of kelvin, and the long s.</summary>
    private static bool IsPlain(int rune) => rune is >= ' ' and < 127 and not ('k' or 'K' or 's' or 'S');
}
