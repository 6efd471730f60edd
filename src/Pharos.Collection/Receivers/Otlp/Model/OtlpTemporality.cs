namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>What a point counts from; the numbers are those of the protocol.</summary>
internal enum OtlpTemporality
{
    Unspecified = 0,

    /// <summary>Since the point before.</summary>
    Delta = 1,

    /// <summary>Since the start time, the same for point after point.</summary>
    Cumulative = 2,
}
