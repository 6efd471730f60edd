namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>Narrows what the API server lists of one role; an empty selector takes all.</summary>
/// <param name="Role">As files write it: <c>pod</c>, <c>node</c>, ...</param>
public sealed record KubernetesSelector(string Role, string Label, string Field);
