using Pharos.Collection.Discovery.Kubernetes;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>The way to the API server of the cluster that this process runs in: what every pod is given.</summary>
internal static class InCluster
{
    /// <exception cref="IOException">The service account's files are not there.</exception>
    public static KubernetesConnection Connect(ConfigEnvironment environment)
    {
        var host = environment.Variable("KUBERNETES_SERVICE_HOST") ?? "";
        var port = environment.Variable("KUBERNETES_SERVICE_PORT") ?? "443";
        var folder = environment.ServiceAccountFolder;
        var http = new HttpClientConfig
        {
            // Read at each request: the token is rotated.
            Authorization = new AuthorizationConfig("Bearer", Secret.FromFile(Path.Combine(folder, "token"))),
            Tls = new TlsConfig { Ca = Secret.FromFile(Path.Combine(folder, "ca.crt")) },
        };
        var url = new UriBuilder(Uri.UriSchemeHttps, host, int.Parse(port)).Uri;
        return new KubernetesConnection(KubernetesDiscoverySection.Client(http), url,
            File.ReadAllText(Path.Combine(folder, "namespace")).Trim());
    }
}
