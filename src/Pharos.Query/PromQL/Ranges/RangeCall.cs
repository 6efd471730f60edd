using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Kernels;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>What a function does with a range vector.</summary>
/// <param name="Function">Applied to each window.</param>
internal sealed record RangeCall(RangeFunction Function)
{
    /// <summary>The range vector's place among the arguments.</summary>
    public int Argument { get; init; }

    /// <summary>Does the same for all windows of a series that has only numbers; null where there is no such form.</summary>
    public WindowKernel? Kernel { get; init; }

    /// <summary>The metric's name stays.</summary>
    public bool KeepsName { get; init; }

    /// <summary>Called in the order of the series with the labels of each that yields anything, as they are in the range vector,
    /// and what it yields.</summary>
    public Action<LabelSet, SeriesColumn>? Yields { get; init; }

    /// <summary>Called once all series are done.</summary>
    public Action? Done { get; init; }
}
