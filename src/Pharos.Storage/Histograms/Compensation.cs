namespace Pharos.Storage.Histograms;

/// <summary>Neumaier's compensated addition, step for step as Prometheus rounds it.</summary>
internal static class Compensation
{
    public static void Add(ref double sum, ref double correction, double value)
    {
        var total = sum + value;
        if (double.IsInfinity(total))
        {
            correction = 0;
        }
        else if (Math.Abs(sum) >= Math.Abs(value))
        {
            correction += sum - total + value;
        }
        else
        {
            correction += value - total + sum;
        }
        sum = total;
    }
}
