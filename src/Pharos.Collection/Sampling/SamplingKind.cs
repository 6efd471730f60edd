namespace Pharos.Collection.Sampling;

/// <summary>How a client decides; the numbers are Jaeger's.</summary>
public enum SamplingKind
{
    Probabilistic,
    RateLimiting,
}
