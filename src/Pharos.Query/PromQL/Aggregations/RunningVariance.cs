namespace Pharos.Query.PromQL.Aggregations;

/// <summary>The population variance of what it has seen, after Welford, with compensated sums.</summary>
internal struct RunningVariance
{
    private Compensated _mean;
    private Compensated _squares;
    private double _count;

    public readonly double Value => (_squares.Sum + _squares.Correction) / _count;

    public void Add(double value)
    {
        _count++;
        var delta = value - (_mean.Sum + _mean.Correction);
        _mean.Add(delta / _count);
        _squares.Add(delta * (value - (_mean.Sum + _mean.Correction)));
    }
}
