using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The series that the head's index named for some matchers, sorted by their labels.</summary>
/// <param name="version">The index' version at that time: as long as it has this one the answer is the same.</param>
/// <param name="series">Some may have left the head since.</param>
/// <param name="labels">The label sets of each of them, in the order of <paramref name="places"/>.</param>
/// <param name="places">By series, where its labels are.</param>
internal sealed class HeadSelection(long version, HeadSeries[] series, NumberedLabels labels, int[] places)
{
    /// <summary>How many series a walk is ahead with fetching a state, and then what the state names.</summary>
    private const int StatesAhead = 16;
    private const int CellsAhead = 8;

    private readonly LabelSet?[] _made = new LabelSet?[series.Length];

    public long Version => version;

    public int Count => series.Length;

    public HeadSeries this[int at] => series[at];

    /// <summary>Whoever goes from one series to the next and looks whether it has something says so, for what comes then.</summary>
    public void Passing(int at)
    {
        if (at + StatesAhead < series.Length)
        {
            SeriesPrefetch.State(series[at].Table, series[at + StatesAhead].Slot);
        }
    }

    /// <summary>As <see cref="Passing"/>, of whoever reads them.</summary>
    public void Reading(int at)
    {
        Passing(at);
        if (at + CellsAhead < series.Length)
        {
            SeriesPrefetch.Cells(series[at].Table, series[at + CellsAhead].Slot);
        }
    }

    /// <summary>The labels of a series, made when they are first asked for: who counts never does.</summary>
    /// <remarks>Two threads may make them at once; either is right.</remarks>
    public LabelSet LabelsAt(int at) => _made[at] ??= labels.SetAt(places[at]);
}
