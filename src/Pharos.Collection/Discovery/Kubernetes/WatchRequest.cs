namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>Which objects are followed.</summary>
/// <param name="Namespace">Empty for all of the cluster.</param>
internal sealed record WatchRequest(KubernetesResource Resource, string Namespace, string LabelSelector, string FieldSelector)
{
    /// <summary>Objects per page of a list, as the Kubernetes client for Go asks.</summary>
    private const int PageSize = 500;

    public string List(string continueToken) => Query($"limit={PageSize}", continueToken.Length == 0 ? "" :
        $"continue={Uri.EscapeDataString(continueToken)}");

    public string Watch(string version, int timeoutSeconds) => Query("watch=true", "allowWatchBookmarks=true",
        $"timeoutSeconds={timeoutSeconds}", $"resourceVersion={Uri.EscapeDataString(version)}");

    private string Query(params string[] parameters)
    {
        var selectors = new[]
        {
            LabelSelector.Length == 0 ? "" : $"labelSelector={Uri.EscapeDataString(LabelSelector)}",
            FieldSelector.Length == 0 ? "" : $"fieldSelector={Uri.EscapeDataString(FieldSelector)}",
        };
        return $"{Resource.PathIn(Namespace)}?{string.Join('&', parameters.Concat(selectors).Where(part => part.Length > 0))}";
    }
}
