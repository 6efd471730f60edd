namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>One entry of <c>kubernetes_sd_configs</c>.</summary>
public sealed record KubernetesDiscoveryOptions : DiscoveryOptions
{
    public override string Kind => "kubernetes";

    public required KubernetesRole Role { get; init; }

    /// <summary>Opens the way to the API server; throws where it cannot, and is then called again later.</summary>
    public required Func<KubernetesConnection> Connect { get; init; }

    /// <summary>Equal texts mean that <see cref="Connect"/> makes equal connections.</summary>
    public required string ConnectionFingerprint { get; init; }

    /// <summary>None: all of the cluster.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Adds the connection's own namespace.</summary>
    public bool OwnNamespace { get; init; }

    public IReadOnlyList<KubernetesSelector> Selectors { get; init; } = [];

    /// <summary>Adds the labels and annotations of the node to targets on it.</summary>
    public bool AttachNode { get; init; }

    /// <summary>Adds the labels and annotations of the namespace to targets in it.</summary>
    public bool AttachNamespace { get; init; }

    /// <summary>Names the deployment of pods, by way of their replica sets.</summary>
    public bool AttachDeployment { get; init; }

    /// <summary>Names the job of pods.</summary>
    public bool AttachJob { get; init; }

    /// <summary>Names the cron job of pods, by way of their jobs.</summary>
    public bool AttachCronJob { get; init; }

    /// <summary>Changes within this time of each other are one update.</summary>
    internal TimeSpan UpdateInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal override IDiscovery Create(DiscoveryContext context) => new KubernetesDiscovery(this, context);

    internal override bool SameAs(DiscoveryOptions other) =>
        other is KubernetesDiscoveryOptions that
        && this with { Connect = that.Connect, Namespaces = that.Namespaces, Selectors = that.Selectors } == that
        && Namespaces.SequenceEqual(that.Namespaces, StringComparer.Ordinal)
        && Selectors.SequenceEqual(that.Selectors);
}
