using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>One series of an instant vector over all steps of a grid: a value, or none, at each.</summary>
internal sealed class SeriesColumn(LabelSet labels, int steps)
{
    public LabelSet Labels { get; } = labels;

    /// <summary>The metric's name goes at the query's end (only with delayed name removal).</summary>
    public bool DropName { get; init; }

    public double[] Values { get; init; } = new double[steps];

    public bool[] Present { get; init; } = new bool[steps];

    public bool IsEmpty => !Present.AsSpan().Contains(true);

    public void Set(int step, double value)
    {
        Values[step] = value;
        Present[step] = true;
    }

    /// <summary>The same points under other labels; the columns are shared.</summary>
    public SeriesColumn Relabel(LabelSet to, bool dropName) =>
        new(to, 0) { Values = Values, Present = Present, DropName = dropName };
}
