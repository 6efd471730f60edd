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

    /// <summary>The value of each window's first sample; any where there is none.</summary>
    public void CopyFirsts(Span<double> into) => Copy(Bounds.First, Bounds.FirstSlides, into);

    /// <summary>The value of each window's last sample; any where there is none.</summary>
    public void CopyLasts(Span<double> into) => Copy(Bounds.Last, Bounds.LastSlides, into);

    /// <summary>Where windows move on sample by sample, as they do at steps of the scrape interval, many are copied at once.</summary>
    private void Copy(ReadOnlySpan<int> places, Range slides, Span<double> into)
    {
        var (from, count) = slides.GetOffsetAndLength(into.Length);
        for (var step = 0; step < from; step++)
        {
            into[step] = Values[places[step]];
        }
        Values.Slice(count > 0 ? places[from] : 0, count).CopyTo(into[from..]);
        for (var step = from + count; step < into.Length; step++)
        {
            into[step] = Values[places[step]];
        }
    }
}
