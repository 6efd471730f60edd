using System.Text;

namespace Pharos.Storage.Text.Automata;

/// <summary>Which code points are one and the same where case is ignored: Unicode's simple folds, as Go's <c>unicode.SimpleFold</c> has them.</summary>
/// <remarks>Derived from the framework's simple mappings to upper and lower case, whose closure the simple folds are but for four letters.</remarks>
internal static class RuneFolds
{
    /// <summary>No letter beyond has a case.</summary>
    private const int End = 0x1F000;

    private static readonly Lazy<Dictionary<int, RuneSet>> Orbits = new(Build);
    private static readonly Lazy<int[]> Folding = new(static () => [.. Orbits.Value.Keys.Order()]);

    /// <summary>The code points that are the same as this one, with itself, or null where it stands alone.</summary>
    public static RuneSet? Orbit(int rune) => Orbits.Value.GetValueOrDefault(rune);

    /// <summary>The set, and all that is the same as one of its members.</summary>
    public static RuneSet Closure(RuneSet set)
    {
        var result = new RuneSetBuilder();
        result.Add(set);
        var folding = Folding.Value;
        var edges = set.Edges;
        for (var i = 0; i < edges.Length; i += 2)
        {
            if (edges[i] <= folding[0] && edges[i + 1] > folding[^1])
            {
                continue;
            }
            var at = Array.BinarySearch(folding, edges[i]);
            for (at = at < 0 ? ~at : at; at < folding.Length && folding[at] < edges[i + 1]; at++)
            {
                result.Add(Orbits.Value[folding[at]]);
            }
        }
        return result.ToSet();
    }

    private static Dictionary<int, RuneSet> Build()
    {
        var members = new Dictionary<int, SortedSet<int>>();
        var all = new StringBuilder();
        for (var rune = 0; rune < End; rune++)
        {
            // Dotted and dotless i fold in Turkish only.
            if (Rune.IsValid(rune) && rune is not (0x130 or 0x131))
            {
                all.Append(new Rune(rune));
            }
        }
        // All at once, which takes a twentieth of the time that asking for each takes.
        var text = all.ToString();
        var upper = text.ToUpperInvariant();
        JoinEach(members, text, upper);
        JoinEach(members, text, text.ToLowerInvariant());
        JoinEach(members, text, upper.ToLowerInvariant());
        // The framework's invariant mapping leaves the long s and the capital sharp s alone.
        Join(members, 0x17F, 's');
        Join(members, 0x1E9E, 0xDF);
        var sets = new Dictionary<SortedSet<int>, RuneSet>();
        foreach (var orbit in members.Values.Distinct())
        {
            var set = new RuneSetBuilder();
            foreach (var rune in orbit)
            {
                set.Add(rune, rune);
            }
            sets.Add(orbit, set.ToSet());
        }
        return members.ToDictionary(static pair => pair.Key, pair => sets[pair.Value]);
    }

    private static void JoinEach(Dictionary<int, SortedSet<int>> members, string text, string mapped)
    {
        for (var at = text.AsSpan().CommonPrefixLength(mapped); at < text.Length; at += text.AsSpan(at).CommonPrefixLength(mapped.AsSpan(at)))
        {
            at -= char.IsLowSurrogate(text[at]) ? 1 : 0;
            Join(members, TextPlace.RuneAt(text, at, out var length), TextPlace.RuneAt(mapped, at, out _));
            at += length;
        }
    }

    private static void Join(Dictionary<int, SortedSet<int>> members, int one, int other)
    {
        var joined = members.GetValueOrDefault(one) ?? [one];
        joined.UnionWith(members.GetValueOrDefault(other) ?? [other]);
        foreach (var member in joined)
        {
            members[member] = joined;
        }
    }
}
