namespace Pharos.Collection.Discovery.Hetzner;

/// <summary>One entry of <c>hetzner_sd_configs</c>: the servers of the cloud, or the dedicated ones that Robot manages.</summary>
public sealed record HetznerDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "hetzner";

    public required HetznerRole Role { get; init; }

    /// <summary>Which servers of the cloud; evaluated there. Empty for all.</summary>
    public string LabelSelector { get; init; } = "";

    public string CloudServer { get; init; } = "https://api.hetzner.cloud/v1";

    public string RobotServer { get; init; } = "https://robot-ws.your-server.de";

    private protected override ITargetSource Open(DiscoveryContext context) => new HetznerTargetSource(this);
}
