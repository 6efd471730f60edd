namespace Pharos.Query.PromQL.Evaluation;

/// <summary>How many samples the selectors below an expression gave it at each of its steps.</summary>
/// <remarks>Not thread-safe: shards count for themselves and are added up.</remarks>
internal sealed class SampleCounts(int steps)
{
    public long[] PerStep { get; } = new long[steps];

    public long Total => PerStep.Sum();

    public void Add(int step, long samples) => PerStep[step] += samples;

    public void Add(SampleCounts other)
    {
        for (var step = 0; step < PerStep.Length; step++)
        {
            PerStep[step] += other.PerStep[step];
        }
    }

    public void AddToEach(long samples)
    {
        for (var step = 0; step < PerStep.Length; step++)
        {
            PerStep[step] += samples;
        }
    }
}
