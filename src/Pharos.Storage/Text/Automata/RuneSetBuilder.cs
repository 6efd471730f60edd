using System.Collections.Immutable;

namespace Pharos.Storage.Text.Automata;

/// <summary>Collects the ranges of a character class, in any order.</summary>
internal sealed class RuneSetBuilder
{
    private readonly List<(int First, int Last)> _ranges = [];

    public void Add(int first, int last) => _ranges.Add((first, last));

    public void Add(RuneSet set)
    {
        var edges = set.Edges;
        for (var i = 0; i < edges.Length; i += 2)
        {
            Add(edges[i], edges[i + 1] - 1);
        }
    }

    public RuneSet ToSet()
    {
        _ranges.Sort();
        var edges = ImmutableArray.CreateBuilder<int>();
        foreach (var (first, last) in _ranges)
        {
            if (edges.Count > 0 && first <= edges[^1])
            {
                edges[^1] = Math.Max(edges[^1], last + 1);
                continue;
            }
            edges.Add(first);
            edges.Add(last + 1);
        }
        return new RuneSet(edges.ToImmutable());
    }
}
