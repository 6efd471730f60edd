namespace Pharos.Fuzz.Targets.Logs;

/// <summary>A clock that stands, so that an answer depends on the input alone.</summary>
internal sealed class FixedTime : TimeProvider
{
    /// <summary>2023-11-14T22:13:20Z, near the times of the inputs to begin with.</summary>
    public const long NowSeconds = 1_700_000_000;

    public static FixedTime Instance { get; } = new();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(NowSeconds);
}
