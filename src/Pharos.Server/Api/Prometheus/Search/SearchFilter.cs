namespace Pharos.Server.Api.Prometheus.Search;

/// <summary>Decides whether a name is found by any of the terms, and how well: 1 for the best, 0 for not at all.</summary>
/// <param name="threshold">The least score of a fuzzy match, 0 to 1.</param>
internal sealed class SearchFilter(IReadOnlyList<string> terms, double threshold, string algorithm, bool caseSensitive)
{
    /// <summary>The score of a term that stands inside a name, not at its start.</summary>
    private const double Inside = 0.9;

    private readonly string[] _terms = [.. terms.Select(term => caseSensitive ? term : term.ToLowerInvariant())];

    /// <returns>Null where no term finds the name; 1 where there are no terms.</returns>
    public double? Score(string name)
    {
        if (_terms.Length == 0)
        {
            return 1;
        }
        var compared = caseSensitive ? name : name.ToLowerInvariant();
        double? best = null;
        foreach (var term in _terms)
        {
            if (ScoreOf(term, compared) is { } score && !(score <= best))
            {
                best = score;
            }
        }
        return best;
    }

    private double? ScoreOf(string term, string name)
    {
        // A name that begins with the term is as good as the term itself: what completion wants.
        if (name.StartsWith(term, StringComparison.Ordinal))
        {
            return 1;
        }
        if (algorithm == SearchRequest.Subsequence)
        {
            var subsequence = SubsequenceScore.Of(term, name);
            return subsequence > 0 && subsequence >= threshold ? subsequence : null;
        }
        if (name.Contains(term, StringComparison.Ordinal))
        {
            return Inside;
        }
        var similarity = threshold > 0 ? JaroWinklerScore.Of(term, name) : 0;
        return threshold > 0 && similarity >= threshold ? similarity : null;
    }
}
