using Pharos.Storage.Text;

namespace Pharos.Storage.Histograms;

/// <summary>One bucket with its bounds and how many observations lie between them.</summary>
public readonly record struct HistogramBucket(
    double Lower, double Upper, bool LowerInclusive, bool UpperInclusive, double Count)
{
    /// <summary>As Prometheus' JSON has it: 0 open at the left, 1 open at the right, 2 open at both ends, 3 closed at both.</summary>
    public int BoundaryRule => (LowerInclusive, UpperInclusive) switch
    {
        (false, true) => 0,
        (true, false) => 1,
        (false, false) => 2,
        (true, true) => 3,
    };

    public override string ToString() =>
        (LowerInclusive ? "[" : "(") + GoFloat.FormatG(Lower) + "," + GoFloat.FormatG(Upper) +
        (UpperInclusive ? "]" : ")") + ":" + GoFloat.FormatG(Count);
}
