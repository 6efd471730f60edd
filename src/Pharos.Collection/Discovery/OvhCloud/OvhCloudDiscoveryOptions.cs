using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.OvhCloud;

/// <summary>One entry of <c>ovhcloud_sd_configs</c>: the virtual private or the dedicated servers of an account.</summary>
public sealed record OvhCloudDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "ovhcloud";

    public required OvhCloudService Service { get; init; }

    /// <summary>Without a slash at the end.</summary>
    public required string Endpoint { get; init; }

    public required string ApplicationKey { get; init; }

    public required Secret ApplicationSecret { get; init; }

    public required Secret ConsumerKey { get; init; }

    /// <summary>The API's address by the name that OVHcloud's clients have for it, or the address itself; null for neither.</summary>
    public static string? EndpointOf(string name) => name switch
    {
        "ovh-eu" => "https://eu.api.ovh.com/1.0",
        "ovh-ca" => "https://ca.api.ovh.com/1.0",
        "ovh-us" => "https://api.us.ovhcloud.com/1.0",
        "kimsufi-eu" => "https://eu.api.kimsufi.com/1.0",
        "kimsufi-ca" => "https://ca.api.kimsufi.com/1.0",
        "soyoustart-eu" => "https://eu.api.soyoustart.com/1.0",
        "soyoustart-ca" => "https://ca.api.soyoustart.com/1.0",
        _ => name.Contains('/', StringComparison.Ordinal) ? name.TrimEnd('/') : null,
    };

    private protected override ITargetSource Open(DiscoveryContext context) => new OvhCloudTargetSource(this, context);
}
