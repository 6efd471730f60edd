using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>One series of an instant vector over all steps of a grid: a number, a native histogram, or none, at each.</summary>
/// <remarks>Columns are shared between series once they are filled: what changes them makes new ones.</remarks>
internal sealed class SeriesColumn
{
    private readonly IStoredSeries? _series;
    private LabelSet? _labels;

    public SeriesColumn(LabelSet labels, int steps)
    {
        _labels = labels;
        Values = new double[steps];
        Present = new bool[steps];
    }

    /// <summary>A column under the labels of a stored series: most aggregations do not ask for them.</summary>
    public SeriesColumn(IStoredSeries series)
    {
        _series = series;
        Values = [];
        Present = [];
    }

    public LabelSet Labels => _labels ??= _series!.Labels;

    /// <summary>The metric's name goes at the query's end (only with delayed name removal).</summary>
    public bool DropName { get; init; }

    public double[] Values { get; init; }

    public bool[] Present { get; init; }

    /// <summary>Per step the histogram, or null where a number stands or nothing; null as a whole where there is none.</summary>
    public NativeHistogram?[]? Histograms { get; set; }

    public int Steps => Present.Length;

    public bool IsEmpty => !Present.AsSpan().Contains(true);

    public Element this[int step] => new(Values[step], Histograms?[step]);

    public bool HasNumber(int step) => Present[step] && Histograms?[step] is null;

    public bool HasHistogram(int step) => Histograms?[step] is not null;

    public void Set(int step, double value)
    {
        Values[step] = value;
        Present[step] = true;
    }

    public void Set(int step, in Element element)
    {
        Values[step] = element.Number;
        Present[step] = true;
        if (element.Histogram is not null)
        {
            Histograms ??= new NativeHistogram?[Present.Length];
            Histograms[step] = element.Histogram;
        }
    }

    /// <summary>The same points under other labels; the columns are shared.</summary>
    public SeriesColumn Relabel(LabelSet to, bool dropName) =>
        new(to, 0) { Values = Values, Present = Present, Histograms = Histograms, DropName = dropName };

    /// <summary>Only the points at which <paramref name="present"/> is true too; the values are shared.</summary>
    /// <param name="present">True only where a point stands.</param>
    public SeriesColumn Only(bool[] present)
    {
        var kept = Histograms;
        if (kept is not null)
        {
            kept = new NativeHistogram?[present.Length];
            for (var step = 0; step < kept.Length; step++)
            {
                kept[step] = present[step] ? Histograms![step] : null;
            }
        }
        return new SeriesColumn(Labels, 0) { Values = Values, Present = present, Histograms = kept, DropName = DropName };
    }
}
