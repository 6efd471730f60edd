namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>A way to one API server. The discovery that asked for it disposes the client.</summary>
/// <param name="Client">Authenticates by itself; has no timeout of its own.</param>
/// <param name="Server">The API's root.</param>
/// <param name="OwnNamespace">The namespace that this process or its kubeconfig context is in; empty where unknown.</param>
public sealed record KubernetesConnection(HttpClient Client, Uri Server, string OwnNamespace);
