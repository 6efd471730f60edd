using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Storage.Index;

/// <summary>Decides which series of an index all matchers match.</summary>
/// <remarks>A matcher that does not match the empty string picks series (union of the posting lists of the values it
/// matches); one that does can only exclude (union of the lists of the values it does not match), because a series
/// without the label matches too. The answer is the intersection of the first kind minus the second.</remarks>
internal static class PostingSelection
{
    public static ulong[] Select(IPostingSource source, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        IdSet? result = null;
        try
        {
            // Those that name their values first: where they find nothing, nobody looks at the values of the others.
            foreach (var matcher in matchers.Where(static matcher => !matcher.MatchesEmpty).OrderBy(static matcher => KnownValues(matcher, true) is null))
            {
                cancellation.ThrowIfCancellationRequested();
                var picked = Union(source, matcher, wanted: true, cancellation);
                if (result is null)
                {
                    result = picked;
                }
                else
                {
                    result.IntersectWith(picked);
                    picked.Dispose();
                }
                if (result.IsEmpty)
                {
                    return [];
                }
            }
            if (result is null)
            {
                source.AddAll(result = new IdSet());
            }
            foreach (var matcher in matchers.Where(static matcher => matcher.MatchesEmpty && !MatchesEverything(matcher)))
            {
                cancellation.ThrowIfCancellationRequested();
                using var excluded = Union(source, matcher, wanted: false, cancellation);
                result.ExceptWith(excluded);
            }
            return result.ToArray();
        }
        finally
        {
            result?.Dispose();
        }
    }

    private static bool MatchesEverything(LabelMatcher matcher) => matcher is { Type: MatchType.Regex, Value: ".*" };

    /// <summary>The ids of all series that have the label and whose value the matcher matches, or does not match.</summary>
    private static IdSet Union(IPostingSource source, LabelMatcher matcher, bool wanted, CancellationToken cancellation)
    {
        var ids = new IdSet();
        try
        {
            if (KnownValues(matcher, wanted) is not { } values)
            {
                source.AddMatching(matcher, wanted, ids, cancellation);
                return ids;
            }
            foreach (var value in values)
            {
                source.AddIds(matcher.Name, value, ids);
            }
            return ids;
        }
        catch
        {
            ids.Dispose();
            throw;
        }
    }

    /// <summary>The values themselves where the matcher names them, so that no other value is looked at.</summary>
    private static IReadOnlyCollection<string>? KnownValues(LabelMatcher matcher, bool wanted) => matcher.Type switch
    {
        MatchType.Equal when wanted => [matcher.Value],
        MatchType.NotEqual when !wanted => [matcher.Value],
        MatchType.Regex when wanted => matcher.Literals,
        MatchType.NotRegex when !wanted => matcher.Literals,
        _ => null,
    };
}
