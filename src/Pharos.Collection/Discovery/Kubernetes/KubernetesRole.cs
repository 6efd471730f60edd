namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>What of a cluster becomes targets.</summary>
public enum KubernetesRole
{
    Node,
    Service,
    Pod,
    Endpoints,
    EndpointSlice,
    Ingress,
}
