namespace Pharos.Alerting.TimeIntervals;

/// <summary>Whole numbers from <paramref name="First"/> to <paramref name="Last"/>, both inclusive.</summary>
public readonly record struct IntRange(int First, int Last)
{
    public bool Contains(int number) => number >= First && number <= Last;
}
