using System.Collections.Immutable;

namespace Pharos.Storage.Text.Automata;

/// <summary>A part of a parsed pattern, with what Go's limits are about.</summary>
internal abstract record PatternNode
{
    public const int Unbounded = -1;

    /// <summary>Instructions that it will take, as Go counts them.</summary>
    public long Size { get; protected init; } = 1;

    /// <summary>Nodes from here to the deepest one.</summary>
    public int Height { get; protected init; } = 1;

    /// <summary>How often counted repetitions inside one another repeat in all, the largest product.</summary>
    public int Repetitions { get; protected init; } = 1;

    /// <summary>Whether it can match the empty text.</summary>
    public bool IsNullable { get; protected init; }

    /// <summary>Code points one behind another; each in any case where it is folded.</summary>
    internal sealed record Literal : PatternNode
    {
        public Literal(ImmutableArray<int> runes, bool folded)
        {
            (Runes, Folded, Size) = (runes, folded, runes.Length);
        }

        public ImmutableArray<int> Runes { get; }

        public bool Folded { get; }
    }

    internal sealed record Class(RuneSet Set) : PatternNode;

    internal sealed record Assertion : PatternNode
    {
        public Assertion(Assertions demanded)
        {
            (Demanded, IsNullable) = (demanded, true);
        }

        public Assertions Demanded { get; }
    }

    internal sealed record Capture : PatternNode
    {
        public Capture(int group, PatternNode inner)
        {
            (Group, Inner) = (group, inner);
            (Size, Height, Repetitions, IsNullable) = (inner.Size + 2, inner.Height + 1, inner.Repetitions, inner.IsNullable);
        }

        public int Group { get; }

        public PatternNode Inner { get; }
    }

    /// <summary>Nothing at all, where it has no parts.</summary>
    internal sealed record Sequence : PatternNode
    {
        public Sequence(ImmutableArray<PatternNode> parts)
        {
            Parts = parts;
            Size = Math.Max(1, parts.Sum(static part => part.Size));
            Height = 1 + parts.Select(static part => part.Height).DefaultIfEmpty().Max();
            Repetitions = parts.Select(static part => part.Repetitions).DefaultIfEmpty(1).Max();
            IsNullable = parts.All(static part => part.IsNullable);
        }

        public ImmutableArray<PatternNode> Parts { get; }
    }

    internal sealed record Alternation : PatternNode
    {
        public Alternation(ImmutableArray<PatternNode> branches)
        {
            Branches = branches;
            Size = branches.Sum(static branch => branch.Size) + branches.Length - 1;
            Height = 1 + branches.Max(static branch => branch.Height);
            Repetitions = branches.Max(static branch => branch.Repetitions);
            IsNullable = branches.Any(static branch => branch.IsNullable);
        }

        public ImmutableArray<PatternNode> Branches { get; }
    }

    internal sealed record Repeat : PatternNode
    {
        /// <param name="inner">What is repeated.</param>
        /// <param name="min">At least so often.</param>
        /// <param name="max">At most so often, or <see cref="Unbounded"/>.</param>
        /// <param name="lazy">Whether fewer are better.</param>
        public Repeat(PatternNode inner, int min, int max, bool lazy)
        {
            (Inner, Min, Max, IsLazy) = (inner, min, max, lazy);
            Height = inner.Height + 1;
            IsNullable = min == 0 || inner.IsNullable;
            // Repeated zero times, what is inside does not count.
            Repetitions = max == 0 ? 1 : Math.Max(max == Unbounded ? min : max, 1) * inner.Repetitions;
            Size = Math.Max(1, max == Unbounded ? (min == 0 ? 2 + inner.Size : 1 + (min * inner.Size)) : (max * inner.Size) + max - min);
        }

        public PatternNode Inner { get; }

        public int Min { get; }

        public int Max { get; }

        public bool IsLazy { get; }
    }
}
