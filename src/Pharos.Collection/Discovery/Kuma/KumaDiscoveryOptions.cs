namespace Pharos.Collection.Discovery.Kuma;

/// <summary>One entry of <c>kuma_sd_configs</c>: the monitoring assignments of a control plane, asked for by xDS over HTTP.</summary>
public sealed record KumaDiscoveryOptions : PolledDiscoveryOptions
{
    public static readonly TimeSpan DefaultFetchTimeout = TimeSpan.FromMinutes(2);

    /// <summary>For the way there and back, beyond what the control plane may wait.</summary>
    private static readonly TimeSpan Overhead = TimeSpan.FromSeconds(15);

    public override string Kind => "kuma";

    /// <summary>Without a slash at the end.</summary>
    public required string Server { get; init; }

    /// <summary>By what name the control plane knows this client.</summary>
    public required string ClientId { get; init; }

    /// <summary>How long the control plane may wait for news before it answers that there are none.</summary>
    public TimeSpan FetchTimeout { get; init; } = DefaultFetchTimeout;

    private protected override TimeSpan Deadline => FetchTimeout + Overhead;

    private protected override ITargetSource Open(DiscoveryContext context) => new KumaTargetSource(this);
}
