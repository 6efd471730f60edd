namespace Pharos.Collection.Sampling;

/// <summary>What a service is told about sampling.</summary>
/// <param name="SamplingRate">The probability, where it decides by that.</param>
/// <param name="MaxTracesPerSecond">Where it decides by that.</param>
/// <param name="Operations">What operations have of their own; null for nothing.</param>
public sealed record SamplingStrategy(SamplingKind Kind, double SamplingRate, int MaxTracesPerSecond, OperationSampling? Operations = null)
{
    /// <summary>Of a service that nobody says anything about, as in Jaeger.</summary>
    public const double DefaultRate = 0.001;

    public static readonly SamplingStrategy Default = Probabilistic(DefaultRate);

    public static SamplingStrategy Probabilistic(double rate) => new(SamplingKind.Probabilistic, rate, 0);
}
