using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>One group of <c>topk</c> or <c>bottomk</c> that takes in series after series and keeps, of each step, the first few
/// by value.</summary>
/// <remarks>NaN comes last; of equals the earlier series is ahead.</remarks>
/// <param name="largest">Whether the largest are the first.</param>
internal sealed class RankAccumulator(int ranks, bool largest, int steps)
{
    /// <summary>With more ranks than this it is quicker to sort.</summary>
    public const int MaxRanks = 32;

    private readonly List<(LabelSet Labels, bool DropName)> _members = [];
    private readonly double[] _values = new double[steps * ranks];
    private readonly int[] _series = new int[steps * ranks];
    private readonly int[] _counts = new int[steps];

    public bool HasHistograms { get; private set; }

    public void Add(SeriesColumn column)
    {
        HasHistograms |= column.Histograms is not null && Array.Exists(column.Histograms, static histogram => histogram is not null);
        var present = Columns.Numbers(column);
        var values = column.Values;
        var member = _members.Count;
        _members.Add((column.Labels, column.DropName));
        for (var step = 0; step < steps; step++)
        {
            if (present[step] && (_counts[step] < ranks || IsAhead(values[step], _values[(step * ranks) + ranks - 1])))
            {
                Insert(step, values[step], member);
            }
        }
    }

    /// <summary>The series that were among the first at some step, with those steps only: in their order, but at a single step in
    /// that of the ranks.</summary>
    public IEnumerable<SeriesColumn> Finish()
    {
        var columns = new Dictionary<int, SeriesColumn>();
        for (var step = 0; step < steps; step++)
        {
            for (var rank = 0; rank < _counts[step]; rank++)
            {
                var member = _series[(step * ranks) + rank];
                if (!columns.TryGetValue(member, out var column))
                {
                    var (labels, dropName) = _members[member];
                    columns[member] = column = new SeriesColumn(labels, steps) { DropName = dropName };
                }
                column.Set(step, _values[(step * ranks) + rank]);
            }
        }
        return steps == 1 ? columns.Values : columns.OrderBy(static entry => entry.Key).Select(static entry => entry.Value);
    }

    private void Insert(int step, double value, int member)
    {
        var first = step * ranks;
        var at = first + Math.Min(_counts[step], ranks - 1);
        for (; at > first && IsAhead(value, _values[at - 1]); at--)
        {
            (_values[at], _series[at]) = (_values[at - 1], _series[at - 1]);
        }
        (_values[at], _series[at]) = (value, member);
        _counts[step] = Math.Min(_counts[step] + 1, ranks);
    }

    private bool IsAhead(double value, double other) =>
        (largest ? value > other : value < other) || (double.IsNaN(other) && !double.IsNaN(value));
}
