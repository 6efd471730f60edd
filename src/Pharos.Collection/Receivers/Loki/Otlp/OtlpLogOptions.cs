namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>How OTLP's logs become entries: Loki's <c>otlp_config</c>.</summary>
public sealed record OtlpLogOptions
{
    /// <summary>Attributes of a resource that are labels unless something else is said: Loki's list.</summary>
    public static readonly OtlpAttributeRule DefaultIndexLabels = new(
        OtlpAttributeAction.IndexLabel,
        [
            "service.name", "service.namespace", "service.instance.id", "deployment.environment", "deployment.environment.name", "cloud.region",
            "cloud.availability_zone", "k8s.cluster.name", "k8s.namespace.name", "k8s.pod.name", "k8s.container.name", "container.name",
            "k8s.replicaset.name", "k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.cronjob.name", "k8s.job.name",
        ],
        null);

    public static readonly OtlpLogOptions Default = new();

    /// <summary>The first that takes an attribute decides.</summary>
    public IReadOnlyList<OtlpAttributeRule> ResourceAttributes { get; init; } = [DefaultIndexLabels];

    public IReadOnlyList<OtlpAttributeRule> ScopeAttributes { get; init; } = [];

    public IReadOnlyList<OtlpAttributeRule> LogAttributes { get; init; } = [];

    /// <summary>The severity's text is the label <c>severity_text</c>, too.</summary>
    public bool SeverityTextAsLabel { get; init; }
}
