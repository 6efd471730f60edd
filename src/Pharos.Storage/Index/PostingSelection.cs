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
        var picked = new List<ulong[]>();
        var excluded = new List<ulong[]>();
        foreach (var matcher in matchers)
        {
            cancellation.ThrowIfCancellationRequested();
            var picks = !matcher.MatchesEmpty;
            if (!picks && MatchesEverything(matcher))
            {
                continue;
            }
            var ids = Union(source, matcher, wanted: picks, cancellation);
            if (picks && ids.Length == 0)
            {
                return [];
            }
            (picks ? picked : excluded).Add(ids);
        }
        picked.Sort(static (left, right) => left.Length.CompareTo(right.Length));
        var result = picked.Count == 0 ? source.AllIds() : picked[0];
        foreach (var ids in picked.Skip(1))
        {
            result = PostingLists.Intersect(result, ids);
        }
        foreach (var ids in excluded)
        {
            result = PostingLists.Subtract(result, ids);
        }
        return result;
    }

    private static bool MatchesEverything(LabelMatcher matcher) => matcher is { Type: MatchType.Regex, Value: ".*" };

    /// <summary>The ids of all series that have the label and whose value the matcher matches, or does not match.</summary>
    private static ulong[] Union(IPostingSource source, LabelMatcher matcher, bool wanted, CancellationToken cancellation)
    {
        var ids = new List<ulong>();
        var lists = 0;
        var known = KnownValues(matcher, wanted);
        foreach (var value in known ?? source.Values(matcher.Name))
        {
            if (known is null && (++lists & 0xfff) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            if (known is not null || matcher.Matches(value) == wanted)
            {
                source.AddIds(matcher.Name, value, ids);
            }
        }

        // The lists of one label's values have no id in common, so sorting makes the union.
        var union = ids.ToArray();
        if (known is not { Count: 1 })
        {
            Array.Sort(union);
        }
        return union;
    }

    /// <summary>The values themselves where the matcher names them, so that no other value is looked at.</summary>
    private static IReadOnlyCollection<string>? KnownValues(LabelMatcher matcher, bool wanted) => matcher.Type switch
    {
        MatchType.Equal when wanted => [matcher.Value],
        MatchType.NotEqual when !wanted => [matcher.Value],
        MatchType.Regex when wanted && matcher.Literals is { } literals => [.. literals.Distinct(StringComparer.Ordinal)],
        MatchType.NotRegex when !wanted && matcher.Literals is { } literals => [.. literals.Distinct(StringComparer.Ordinal)],
        _ => null,
    };
}
