namespace Pharos.Storage.Traces.Dependencies;

/// <summary>What a <see cref="DependencyStore"/> keeps at most.</summary>
public sealed record DependencyLimits
{
    public static readonly DependencyLimits Default = new();

    /// <summary>Pairs of services that are told apart; calls of further ones are not counted.</summary>
    public int Edges { get; init; } = 20_000;

    /// <summary>Buckets of five minutes: 31 days. The oldest gives way.</summary>
    public int Buckets { get; init; } = 31 * 24 * 12;

    /// <summary>Counts of all buckets together; the oldest buckets give way.</summary>
    public int Counts { get; init; } = 2_000_000;

    /// <summary>Calls that begin later than this from now are not counted: a clock is wrong, and such buckets would never be the
    /// oldest.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Bytes in the file beyond which it is written anew.</summary>
    public long FileBytes { get; init; } = 4 << 20;
}
