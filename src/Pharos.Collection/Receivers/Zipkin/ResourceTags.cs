using System.Collections.Frozen;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Tags that say something about the process, not about the span: Zipkin has no place for them, so OpenTelemetry's exporters
/// write them on every span.</summary>
internal static class ResourceTags
{
    public const string ServiceName = "service.name";

    /// <summary>Which attribute the service's name came from, where it was not <see cref="ServiceName"/>.</summary>
    public const string ServiceNameSource = "otlp.service.name.source";

    /// <summary>OpenTelemetry's semantic conventions of resources, and what OpenCensus' exporters add.
    /// https://github.com/open-telemetry/opentelemetry-collector/tree/main/semconv/v1.6.1</summary>
    private static readonly FrozenSet<string> Keys = new[]
    {
        ServiceName, "service.namespace", "service.instance.id", "service.version", "deployment.environment", "deployment.environment.name",
        "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version", "telemetry.auto.version", "telemetry.distro.name",
        "telemetry.distro.version", "host.id", "host.name", "host.type", "host.arch", "host.image.name", "host.image.id", "host.image.version",
        "os.type", "os.description", "os.name", "os.version", "process.pid", "process.executable.name", "process.executable.path",
        "process.command", "process.command_line", "process.command_args", "process.owner", "process.runtime.name",
        "process.runtime.version", "process.runtime.description", "container.name", "container.id", "container.runtime",
        "container.image.name", "container.image.tag", "cloud.provider", "cloud.account.id", "cloud.region", "cloud.availability_zone",
        "cloud.platform", "aws.ecs.container.arn", "aws.ecs.cluster.arn", "aws.ecs.launchtype", "aws.ecs.task.arn", "aws.ecs.task.family",
        "aws.ecs.task.revision", "aws.eks.cluster.arn", "aws.log.group.names", "aws.log.group.arns", "aws.log.stream.names",
        "aws.log.stream.arns", "device.id", "device.model.identifier", "device.model.name", "faas.name", "faas.id", "faas.version",
        "faas.instance", "faas.max_memory", "k8s.cluster.name", "k8s.node.name", "k8s.node.uid", "k8s.namespace.name", "k8s.pod.uid",
        "k8s.pod.name", "k8s.container.name", "k8s.replicaset.uid", "k8s.replicaset.name", "k8s.deployment.uid", "k8s.deployment.name",
        "k8s.statefulset.uid", "k8s.statefulset.name", "k8s.daemonset.uid", "k8s.daemonset.name", "k8s.job.uid", "k8s.job.name",
        "k8s.cronjob.uid", "k8s.cronjob.name", "webengine.name", "webengine.version", "webengine.description",
        "opencensus.starttime", "opencensus.exporterversion", "opencensus.resourcetype",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string key) => Keys.Contains(key);
}
