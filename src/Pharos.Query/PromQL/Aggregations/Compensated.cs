namespace Pharos.Query.PromQL.Aggregations;

/// <summary>Sums and means with Neumaier's compensation, step for step as Prometheus rounds them.</summary>
internal struct Compensated
{
    public double Sum;
    public double Correction;

    public readonly double Value => double.IsInfinity(Sum) ? Sum : Sum + Correction;

    public void Add(double value)
    {
        var total = Sum + value;
        if (double.IsInfinity(total))
        {
            Correction = 0;
        }
        else if (Math.Abs(Sum) >= Math.Abs(value))
        {
            Correction += Sum - total + value;
        }
        else
        {
            Correction += value - total + Sum;
        }
        Sum = total;
    }
}
