using Pharos.Collection.Discovery.Kubernetes;

namespace Pharos.Collection.Tests.Discovery.Kubernetes;

/// <summary>Options of discoveries that follow a server of the test.</summary>
internal static class ClusterOptions
{
    public static KubernetesDiscoveryOptions Of(KubernetesApiServer server, KubernetesRole role) => new()
    {
        Role = role,
        Connect = () => new KubernetesConnection(
            new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, new Uri(server.Url), "shop"),
        ConnectionFingerprint = "",
        UpdateInterval = TimeSpan.FromMilliseconds(5),
    };
}
