using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Uyuni;

/// <summary>One entry of <c>uyuni_sd_configs</c>: the monitored endpoints of managed systems.</summary>
public sealed record UyuniDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "uyuni";

    /// <summary>Without a slash at the end.</summary>
    public required string Server { get; init; }

    public required string Username { get; init; }

    public required Secret Password { get; init; }

    public string Entitlement { get; init; } = "monitoring_entitled";

    public string Separator { get; init; } = ",";

    private protected override ITargetSource Open(DiscoveryContext context) => new UyuniTargetSource(this, context.Time);
}
