using System.Globalization;

namespace Pharos.Cli.Commands.Queries;

/// <summary>Least, mean and most of some whole numbers.</summary>
internal sealed class Spread
{
    private long _sum;

    public long Min { get; private set; } = long.MaxValue;

    public long Max { get; private set; }

    public long Count { get; private set; }

    public double Average => Count == 0 ? 0 : (double)_sum / Count;

    public string Triple => string.Create(CultureInfo.InvariantCulture, $"{Min}/{Average:F3}/{Max}");

    public void Add(long number)
    {
        Min = Math.Min(Min, number);
        Max = Math.Max(Max, number);
        _sum += number;
        Count++;
    }

    public override string ToString() => $"min/avg/max: {Triple}";
}
