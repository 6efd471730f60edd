namespace ProgressiveFramework.Load;

/// <summary>A seeded source of chance that several requests may share.</summary>
public sealed class Dice(Random random)
{
    private readonly Lock _lock = new();

    public bool Chance(double probability) => Between(0, 1) < probability;

    public double Between(double low, double high)
    {
        lock (_lock)
        {
            return low + (random.NextDouble() * (high - low));
        }
    }

    public T OneOf<T>(IReadOnlyList<T> items) => items[(int)Between(0, items.Count)];

    /// <summary>Durations as services have them: many near the median, a long tail, never above the maximum.</summary>
    public TimeSpan LogNormal(double medianSeconds, double spread, double maxSeconds)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - Between(0, 1))) * Math.Cos(2 * Math.PI * Between(0, 1));
        return TimeSpan.FromSeconds(Math.Min(maxSeconds, medianSeconds * Math.Exp(spread * normal)));
    }
}
