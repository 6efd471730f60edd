namespace Pharos.Collection.Sampling;

/// <summary>The arithmetic of adaptive sampling.</summary>
/// <remarks>github.com/jaegertracing/jaeger, plugin/sampling/strategystore/adaptive.</remarks>
public static class SamplingDecision
{
    private const int WeightExponent = 4;

    /// <summary>The next probability of an operation.</summary>
    /// <param name="samplesPerSecond">What it has sampled of late.</param>
    public static double Next(double probability, double samplesPerSecond, AdaptiveSamplingOptions options)
    {
        if (IsWithinTolerance(samplesPerSecond, options))
        {
            return probability;
        }
        // Nothing sampled: doubled until something is.
        var next = samplesPerSecond == 0 ? probability * 2 : Toward(probability, options.TargetSamplesPerSecond / samplesPerSecond, options.IncreaseCap);
        return Math.Min(1, Math.Max(options.MinSamplingProbability, next));
    }

    public static bool IsWithinTolerance(double samplesPerSecond, AdaptiveSamplingOptions options) =>
        Math.Abs(samplesPerSecond - options.TargetSamplesPerSecond) / options.TargetSamplesPerSecond < options.DeltaTolerance;

    /// <summary>The mean of rates, of which the newest weighs most.</summary>
    /// <param name="rates">The newest first.</param>
    public static double WeightedRate(ReadOnlySpan<double> rates)
    {
        var (sum, weights) = (0.0, 0.0);
        for (var age = 0; age < rates.Length; age++)
        {
            var weight = Math.Pow(rates.Length - age, WeightExponent);
            sum += rates[age] * weight;
            weights += weight;
        }
        return weights == 0 ? 0 : sum / weights;
    }

    /// <summary>Falls at once, and rises by the cap at most, lest it overshoot.</summary>
    private static double Toward(double probability, double factor, double cap) =>
        factor > 1 + cap ? probability * (1 + cap) : probability * factor;
}
