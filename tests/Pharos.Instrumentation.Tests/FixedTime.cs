namespace Pharos.Instrumentation.Tests;

/// <summary>A clock that stands still.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public static readonly FixedTime At = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250));

    public override DateTimeOffset GetUtcNow() => now;
}
