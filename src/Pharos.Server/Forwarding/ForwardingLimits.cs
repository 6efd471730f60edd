namespace Pharos.Server.Forwarding;

/// <summary>How alerts are kept and sent that go on to Alertmanagers elsewhere. The defaults are those of Prometheus.</summary>
public sealed record ForwardingLimits
{
    /// <summary>Alerts that wait for one Alertmanager; the oldest give way to newer ones.</summary>
    public int QueueCapacity { get; init; } = 10_000;

    /// <summary>The most alerts of one request.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Whether what waits is still sent when the server stops.</summary>
    public bool DrainOnShutdown { get; init; } = true;
}
