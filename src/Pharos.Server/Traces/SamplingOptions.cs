using Pharos.Collection.Sampling;

namespace Pharos.Server.Traces;

/// <summary>Where sampling strategies come from, as Jaeger's <c>SAMPLING_*</c> variables say it.</summary>
public sealed record SamplingOptions
{
    /// <summary>A file, or an address of one (http or https); null for none, which samples one trace in a thousand.</summary>
    public string? StrategiesFile { get; init; }

    /// <summary>How often it is read again; zero for never.</summary>
    public TimeSpan ReloadInterval { get; init; }

    /// <summary>Set where probabilities are adapted to what is seen, and no file is read.</summary>
    public AdaptiveSamplingOptions? Adaptive { get; init; }
}
