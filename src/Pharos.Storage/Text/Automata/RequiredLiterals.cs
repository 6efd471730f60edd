using System.Collections.Immutable;
using System.Text;

namespace Pharos.Storage.Text.Automata;

/// <summary>Texts of which every match of a pattern has at least one in it.</summary>
/// <param name="Texts">Null where no such texts are known; none is empty.</param>
/// <param name="IsWhole">The pattern matches these texts and nothing else.</param>
internal readonly record struct RequiredLiterals(IReadOnlyList<string>? Texts, bool IsWhole)
{
    /// <summary>More alternatives than this are not worth a search for each.</summary>
    private const int MaxTexts = 16;

    private static readonly RequiredLiterals None = new(null, false);

    public static RequiredLiterals Of(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Literal literal when !literal.Folded || !literal.Runes.Any(static rune => RuneFolds.Orbit(rune) is not null):
                return literal.Runes.All(Rune.IsValid) ? new([string.Concat(literal.Runes.Select(static rune => new Rune(rune).ToString()))], true) : None;
            case PatternNode.Capture capture:
                return Of(capture.Inner);
            case PatternNode.Sequence sequence:
                return Best(sequence.Parts);
            case PatternNode.Alternation alternation:
                return OneOf(alternation.Branches);
            case PatternNode.Repeat { Min: > 0 } repeat:
                return Of(repeat.Inner) with { IsWhole = repeat is { Min: 1, Max: 1 } && Of(repeat.Inner).IsWhole };
            default:
                return None;
        }
    }

    /// <summary>The part whose shortest text is the longest: it is the rarest.</summary>
    private static RequiredLiterals Best(ImmutableArray<PatternNode> parts)
    {
        var best = None;
        foreach (var part in parts)
        {
            var found = Of(part);
            if (found.Texts is not null && (best.Texts is null || found.Shortest > best.Shortest))
            {
                best = found;
            }
        }
        return best with { IsWhole = parts.Length == 1 && best.IsWhole };
    }

    private static RequiredLiterals OneOf(ImmutableArray<PatternNode> branches)
    {
        var texts = new List<string>();
        var isWhole = true;
        foreach (var branch in branches)
        {
            var found = Of(branch);
            if (found.Texts is null || texts.Count + found.Texts.Count > MaxTexts)
            {
                return None;
            }
            texts.AddRange(found.Texts);
            isWhole &= found.IsWhole;
        }
        return new RequiredLiterals(texts, isWhole);
    }

    private int Shortest => Texts!.Min(static text => text.Length);
}
