using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>The samples of one series in (<see cref="StartMs"/>, <see cref="EndMs"/>], numbers and histograms apart.</summary>
/// <remarks>With an <see cref="Extension"/> the nearest sample up to the start comes first, where there is one; in a
/// smoothed window the nearest after the end comes last, unless a sample stands at the end itself.</remarks>
internal readonly ref struct RangeWindow
{
    /// <summary>The samples that are numbers.</summary>
    public required WindowPoints Numbers { get; init; }

    /// <summary>The samples that are native histograms.</summary>
    public required WindowPoints Histograms { get; init; }

    public required long StartMs { get; init; }

    public required long EndMs { get; init; }

    public required long EvaluationMs { get; init; }

    public required RangeExtension Extension { get; init; }

    /// <summary>Where the function leaves what is worth a warning.</summary>
    public required SeriesNotes Notes { get; init; }

    public ReadOnlySpan<long> Timestamps => Numbers.Timestamps;

    public ReadOnlySpan<double> Values => Numbers.Values;

    /// <summary>How many samples are numbers.</summary>
    public int Count => Numbers.Count;

    public int TotalCount => Numbers.Count + Histograms.Count;

    public bool IsMixed => Numbers.Count > 0 && Histograms.Count > 0;

    public double RangeSeconds => (EndMs - StartMs) / 1000.0;
}
