using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>A series over all steps.</summary>
/// <param name="Labels">Distinct in a matrix.</param>
/// <param name="Values">One a step; only those that are present count.</param>
/// <param name="Present">Whether the step has a value: one that is no number is a value, too.</param>
internal sealed record LogSeries(LabelSet Labels, double[] Values, bool[] Present)
{
    public static LogSeries Empty(LabelSet labels, int steps) => new(labels, new double[steps], new bool[steps]);

    public void Set(int step, double value)
    {
        Values[step] = value;
        Present[step] = true;
    }
}
