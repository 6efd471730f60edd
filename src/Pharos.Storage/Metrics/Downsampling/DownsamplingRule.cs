using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>Of which series fewer samples are kept beside all, from which age on, and for how long.</summary>
/// <param name="Matchers">All must match; none means every series.</param>
/// <param name="After">The age of a window that is reduced, counted as for retention.</param>
/// <param name="Interval">A whole number of milliseconds; each rule of a store has its own.</param>
public sealed record DownsamplingRule(IReadOnlyList<LabelMatcher> Matchers, TimeSpan After, TimeSpan Interval)
{
    /// <summary>How long what is reduced is kept; null for as long as the store keeps samples.</summary>
    public TimeSpan? Keep { get; init; }
}
