using System.Text;

namespace Pharos.Server.Api.Prometheus.Search;

/// <summary>How well a term's letters stand, in their order, within a text.</summary>
/// <remarks>Prometheus' formula: the squares of the runs, less the gaps before and between them as parts of the text's length,
/// less half of that for what trails, over the square of the term's length. Each place where the first letter stands is
/// tried, and from there the next letter is taken wherever it comes first.</remarks>
internal static class SubsequenceScore
{
    private const double TrailingWeight = 0.5;

    /// <returns>0 to 1; 0 where the letters do not stand there.</returns>
    public static double Of(string term, string text)
    {
        if (term.Length == 0 || term == text)
        {
            return 1;
        }
        Rune[] wanted = [.. term.EnumerateRunes()];
        Rune[] given = [.. text.EnumerateRunes()];
        var best = -1d;
        for (var start = 0; start + wanted.Length <= given.Length; start++)
        {
            if (given[start] != wanted[0])
            {
                continue;
            }
            if (From(wanted, given, start) is not { } score)
            {
                // What does not fit from here fits even less from further on.
                break;
            }
            best = Math.Max(best, score);
        }
        return best < 0 ? 0 : best / ((double)wanted.Length * wanted.Length);
    }

    private static double? From(Rune[] wanted, Rune[] given, int start)
    {
        var score = 0d;
        var matched = 0;
        var lastEnd = 0;
        var at = start;
        while (matched < wanted.Length)
        {
            while (at < given.Length && given[at] != wanted[matched])
            {
                at++;
            }
            if (at == given.Length)
            {
                return null;
            }
            var run = at;
            while (at < given.Length && matched < wanted.Length && given[at] == wanted[matched])
            {
                at++;
                matched++;
            }
            double length = at - run;
            score += (length * length) - ((double)(run - lastEnd) / given.Length);
            lastEnd = at;
        }
        return score - (TrailingWeight * (given.Length - lastEnd) / given.Length);
    }
}
