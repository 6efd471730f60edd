using Pharos.Storage.Index;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The series that the head's index named for some matchers, sorted by their labels.</summary>
/// <param name="version">The index' version at that time: as long as it has this one the answer is the same.</param>
/// <param name="series">Some may have left the head since.</param>
/// <param name="labels">The label sets of each of them, in the order of <paramref name="places"/>.</param>
/// <param name="places">By series, where its labels are.</param>
internal sealed class HeadSelection(long version, HeadSeries[] series, NumberedLabels labels, int[] places)
{
    private readonly LabelSet?[] _made = new LabelSet?[series.Length];

    public long Version => version;

    public int Count => series.Length;

    public HeadSeries this[int at] => series[at];

    /// <summary>The labels of a series, made when they are first asked for: who counts never does.</summary>
    /// <remarks>Two threads may make them at once; either is right.</remarks>
    public LabelSet LabelsAt(int at) => _made[at] ??= labels.SetAt(places[at]);
}
