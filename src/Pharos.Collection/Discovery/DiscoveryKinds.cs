namespace Pharos.Collection.Discovery;

/// <summary>The names of all discovery mechanisms that Prometheus 3 knows: a job's keys are these plus <c>_sd_configs</c>.</summary>
public static class DiscoveryKinds
{
    public static readonly IReadOnlyList<string> All =
    [
        "aws", "azure", "consul", "digitalocean", "dns", "docker", "dockerswarm", "ec2", "eureka", "file", "gce", "hetzner",
        "http", "ionos", "kubernetes", "kuma", "lightsail", "linode", "marathon", "nerve", "nomad", "oci", "openstack",
        "outscale", "ovhcloud", "puppetdb", "scaleway", "serverset", "stackit", "triton", "uyuni", "vultr",
    ];
}
