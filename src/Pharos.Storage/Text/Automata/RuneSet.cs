using System.Collections.Immutable;

namespace Pharos.Storage.Text.Automata;

/// <summary>A set of code points: a character class. Immutable.</summary>
/// <remarks>Held as the sorted code points at which membership changes, so that a code point is in the set where an odd number of
/// edges is at or before it; and as a bit for each ASCII character, which nearly all texts consist of.</remarks>
internal sealed class RuneSet : IEquatable<RuneSet>
{
    /// <summary>One beyond the last code point.</summary>
    public const int End = 0x110000;

    private readonly ImmutableArray<int> _edges;
    private readonly UInt128 _ascii;

    /// <param name="edges">Ascending, each once, an even number of them.</param>
    public RuneSet(ImmutableArray<int> edges)
    {
        _edges = edges;
        for (var i = 0; i < edges.Length && edges[i] < 128; i += 2)
        {
            for (var c = edges[i]; c < Math.Min(edges[i + 1], 128); c++)
            {
                _ascii |= UInt128.One << c;
            }
        }
    }

    public static RuneSet All { get; } = new([0, End]);

    public static RuneSet AllButNewline { get; } = new([0, '\n', '\n' + 1, End]);

    public static RuneSet WordCharacters { get; } = new(['0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1]);

    public ReadOnlySpan<int> Edges => _edges.AsSpan();

    public bool Contains(int rune) => rune < 128 ? ((_ascii >> rune) & UInt128.One) != UInt128.Zero : Search(rune);

    public RuneSet Negated()
    {
        var inside = Edges;
        var first = inside.Length > 0 && inside[0] == 0;
        var last = inside.Length > 0 && inside[^1] == End;
        if (first)
        {
            inside = inside[1..];
        }
        if (last)
        {
            inside = inside[..^1];
        }
        var edges = ImmutableArray.CreateBuilder<int>(inside.Length + 2);
        if (!first)
        {
            edges.Add(0);
        }
        edges.AddRange(inside);
        if (!last)
        {
            edges.Add(End);
        }
        return new RuneSet(edges.ToImmutable());
    }

    public bool Equals(RuneSet? other) => other is not null && Edges.SequenceEqual(other.Edges);

    public override bool Equals(object? obj) => Equals(obj as RuneSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var edge in Edges)
        {
            hash.Add(edge);
        }
        return hash.ToHashCode();
    }

    private bool Search(int rune)
    {
        var found = Edges.BinarySearch(rune);
        return ((found >= 0 ? found + 1 : ~found) & 1) == 1;
    }
}
