namespace Pharos.Storage.Histograms;

/// <summary>What a histogram sample says of the one before it. The numbers are those of Prometheus' wire formats.</summary>
public enum CounterResetHint : byte
{
    /// <summary>Nothing is known: a reader compares the two.</summary>
    Unknown = 0,

    /// <summary>The counter started anew between the two.</summary>
    CounterReset = 1,

    NotCounterReset = 2,

    /// <summary>A gauge: resets mean nothing.</summary>
    Gauge = 3,
}
