namespace Pharos.Query.PromQL.Aggregations;

/// <summary>What stands for an aggregation's parameter over all steps where it is checked.</summary>
internal static class Extremes
{
    /// <summary>NaN, if it is among them, the largest and the smallest.</summary>
    public static IEnumerable<double> Of(double[] parameter)
    {
        var numbers = parameter.Where(static value => !double.IsNaN(value)).ToArray();
        if (numbers.Length < parameter.Length)
        {
            yield return double.NaN;
        }
        if (numbers.Length == 0)
        {
            yield break;
        }
        var (largest, smallest) = (numbers.Max(), numbers.Min());
        yield return largest;
        if (smallest != largest)
        {
            yield return smallest;
        }
    }
}
