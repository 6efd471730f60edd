namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>A kind of object of the Kubernetes API.</summary>
/// <param name="Role">What selectors and self-metrics call it.</param>
/// <param name="Api">The path of its group and version.</param>
/// <param name="Plural">Its name in paths.</param>
internal sealed record KubernetesResource(string Role, string Api, string Plural, bool InNamespace = true)
{
    public static readonly KubernetesResource Node = new("node", "/api/v1", "nodes", InNamespace: false);
    public static readonly KubernetesResource Namespace = new("namespace", "/api/v1", "namespaces", InNamespace: false);
    public static readonly KubernetesResource Pod = new("pod", "/api/v1", "pods");
    public static readonly KubernetesResource Service = new("service", "/api/v1", "services");
    public static readonly KubernetesResource Endpoints = new("endpoints", "/api/v1", "endpoints");
    public static readonly KubernetesResource EndpointSlice = new("endpointslice", "/apis/discovery.k8s.io/v1", "endpointslices");
    public static readonly KubernetesResource Ingress = new("ingress", "/apis/networking.k8s.io/v1", "ingresses");
    public static readonly KubernetesResource ReplicaSet = new("replicaset", "/apis/apps/v1", "replicasets");
    public static readonly KubernetesResource Job = new("job", "/apis/batch/v1", "jobs");

    /// <param name="ns">Empty for all namespaces.</param>
    public string PathIn(string ns) =>
        InNamespace && ns.Length > 0 ? $"{Api}/namespaces/{Uri.EscapeDataString(ns)}/{Plural}" : $"{Api}/{Plural}";
}
