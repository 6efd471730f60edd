namespace Pharos.Query.PromQL.Evaluation.Shards;

/// <summary>What was made of a few neighbouring series, and the arrays it stands in.</summary>
internal sealed class SeriesRun
{
    /// <summary>Short enough that cores end at about the same time, long enough that taking turns costs nothing.</summary>
    public const int Length = 32;

    private readonly (double[] Values, bool[] Present)[] _rows = new (double[], bool[])[Length];

    public SeriesColumn?[] Columns { get; } = new SeriesColumn?[Length];

    /// <summary>What these series had to say; null until one did.</summary>
    public Annotations? Annotations { get; set; }

    /// <summary>Arrays for the column at a place of the run, without a point.</summary>
    public (double[] Values, bool[] Present) Row(int place, int steps)
    {
        ref var row = ref _rows[place];
        if (row.Present is null)
        {
            row = (new double[steps], new bool[steps]);
        }
        else
        {
            Array.Clear(row.Present);
        }
        return row;
    }

    /// <summary>The column at a place is kept: its arrays are not this run's any more.</summary>
    public void GiveAway(int place) => _rows[place] = default;
}
