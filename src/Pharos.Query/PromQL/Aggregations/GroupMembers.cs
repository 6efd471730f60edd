using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>What the series of one group are at one step, numbers and histograms apart; reused from step to step.</summary>
internal sealed class GroupMembers
{
    public List<double> Numbers { get; } = [];

    /// <summary>With the labels of their series.</summary>
    public List<(NativeHistogram Histogram, LabelSet Labels)> Histograms { get; } = [];

    public void Gather(List<SeriesColumn> group, int step)
    {
        Numbers.Clear();
        Histograms.Clear();
        foreach (var series in group)
        {
            if (series.Histograms?[step] is { } histogram)
            {
                Histograms.Add((histogram, series.Labels));
            }
            else if (series.Present[step])
            {
                Numbers.Add(series.Values[step]);
            }
        }
    }
}
