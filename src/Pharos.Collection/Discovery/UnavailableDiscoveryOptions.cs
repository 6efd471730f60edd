namespace Pharos.Collection.Discovery;

/// <summary>A discovery that was asked for and cannot run here: its job gets no targets from it, and one warning.</summary>
/// <param name="Mechanism">Prometheus' name of the mechanism: the key without <c>_sd_configs</c>.</param>
/// <param name="Reason">Why it cannot run, for the one warning.</param>
public sealed record UnavailableDiscoveryOptions(string Mechanism, string Reason) : DiscoveryOptions
{
    public override string Kind => Mechanism;

    /// <summary>The options of a mechanism that this version does not run, with the reason that fits where it is.</summary>
    /// <param name="insideCluster">Whether the process runs inside a Kubernetes cluster.</param>
    public static UnavailableDiscoveryOptions For(string mechanism, bool insideCluster = false) =>
        new(mechanism, mechanism == "kubernetes" && !insideCluster
            ? "this process runs outside a Kubernetes cluster (KUBERNETES_SERVICE_HOST is not set)"
            : "this version has no client for it; name its machines with file_sd_configs or http_sd_configs instead");

    internal override IDiscovery Create(DiscoveryContext context) => new UnavailableDiscovery(this, context.Job, context.Logger);

    internal override bool SameAs(DiscoveryOptions other) => Equals(other);
}
