namespace Pharos.Query.PromQL.Kernels;

/// <summary>The windows of one series that has only numbers: no histograms, no start times that count, no extended range.</summary>
internal readonly ref struct PlainWindows
{
    /// <summary>All samples that any window may hold, without staleness markers; at least one.</summary>
    public required ReadOnlySpan<long> Timestamps { get; init; }

    /// <summary>As many as timestamps.</summary>
    public required ReadOnlySpan<double> Values { get; init; }

    /// <summary>Which of the samples each window holds.</summary>
    public required WindowBounds Bounds { get; init; }

    /// <summary>The call's scalar arguments in order, each with a value per step.</summary>
    public required double[][] Parameters { get; init; }

    public required KernelScratch Scratch { get; init; }

    public int Steps => Bounds.Steps;

    public ReadOnlySpan<double> At(int step) => Values.Slice(Bounds.First[step], Bounds.Count[step]);
}
