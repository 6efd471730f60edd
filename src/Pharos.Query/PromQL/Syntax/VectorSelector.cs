using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Syntax;

public sealed record VectorSelector : Expr
{
    public override ExprType Type => ExprType.Vector;

    /// <summary>The name before the braces; empty where there is none.</summary>
    public required string Name { get; init; }

    /// <summary>All matchers, that of <see cref="Name"/> last.</summary>
    public required IReadOnlyList<LabelMatcher> Matchers { get; init; }

    /// <summary>May be negative. Meaningless while <see cref="OffsetExpr"/> is set.</summary>
    public long OffsetMs { get; init; }

    /// <summary>An offset that is computed when the query starts; null for a plain duration.</summary>
    public Expr? OffsetExpr { get; init; }

    public AtModifier? At { get; init; }

    public RangeExtension Extension { get; init; }

    /// <summary>Of native histograms only count and sum will be looked at.</summary>
    internal bool ReadsStatistics { get; init; }

    /// <summary>Only the times of samples will be looked at.</summary>
    internal bool ReadsPresence { get; init; }

    /// <summary>The second argument of <c>info</c>: matchers may all match the empty string.</summary>
    public bool AllowsEmptyMatchers { get; init; }
}
