using Pharos.Collection.Discovery;
using Pharos.Collection.Discovery.Kubernetes;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads one entry of <c>kubernetes_sd_configs</c>.</summary>
internal static class KubernetesDiscoverySection
{
    public static DiscoveryOptions Read(DiscoveryEntry entry)
    {
        var map = entry.Map;
        var (connect, fingerprint) = Connection(entry);
        var namespaces = map.Mapping("namespaces");
        var attach = map.Mapping("attach_metadata");
        var options = new KubernetesDiscoveryOptions
        {
            Role = Role(map.Text("role")),
            Connect = connect ?? (() => throw new InvalidOperationException("there is no cluster")),
            ConnectionFingerprint = fingerprint,
            Namespaces = namespaces?.Texts("names") ?? [],
            OwnNamespace = namespaces?.Flag("own_namespace") ?? false,
            Selectors = ReadSelectors(map),
            AttachNode = attach?.Flag("node") ?? false,
            AttachNamespace = attach?.Flag("namespace") ?? false,
            AttachDeployment = attach?.Flag("deployment") ?? false,
            AttachJob = attach?.Flag("job") ?? false,
            AttachCronJob = attach?.Flag("cronjob") ?? false,
        };
        return connect is null ? UnavailableDiscoveryOptions.For("kubernetes", entry.Environment.InsideCluster) : options;
    }

    /// <summary>An API server by its URL, or of a kubeconfig's current context, or of the cluster around this process.</summary>
    private static (Func<KubernetesConnection>? Connect, string Fingerprint) Connection(DiscoveryEntry entry)
    {
        var map = entry.Map;
        if (map.Text("api_server") is { Length: > 0 } server)
        {
            if (!Uri.TryCreate(server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                map.ErrorAt("api_server", $"{YamlValue.Echo(server)} is not the URL of an API server");
                return (null, "");
            }
            return (() => new KubernetesConnection(Client(entry.Http), url, ""), $"{url} {entry.Http.Fingerprint()}");
        }
        if (map.Text("kubeconfig_file") is { Length: > 0 } file)
        {
            var path = map.Reading.Resolve(file);
            if (!File.Exists(path))
            {
                map.KeyOf("kubeconfig_file")!.Warning($"there is no file {YamlValue.Echo(path)}");
            }
            return (() => FromKubeconfig(path), $"{path} {File.GetLastWriteTimeUtc(path).Ticks}");
        }
        return entry.Environment.InsideCluster
            ? (() => InCluster.Connect(entry.Environment), $"in cluster {entry.Environment.ServiceAccountFolder}") : (null, "");
    }

    public static HttpClient Client(HttpClientConfig http) => OutboundHttpClient.Create(http, maxConnections: int.MaxValue);

    private static KubernetesConnection FromKubeconfig(string path)
    {
        var config = Kubeconfig.Read(path);
        return new KubernetesConnection(Client(config.Http), config.Server, config.Namespace);
    }

    private static KubernetesRole Role(string name) => name.ToLowerInvariant() switch
    {
        "node" => KubernetesRole.Node,
        "service" => KubernetesRole.Service,
        "endpoints" => KubernetesRole.Endpoints,
        "endpointslice" => KubernetesRole.EndpointSlice,
        "ingress" => KubernetesRole.Ingress,
        _ => KubernetesRole.Pod,
    };

    private static List<KubernetesSelector> ReadSelectors(YamlMappingReader map) =>
    [
        .. map.List("selectors").Select(item => item.AsMapping()).OfType<YamlMappingReader>().Select(selector =>
            new KubernetesSelector(selector.Text("role"), selector.Text("label"), selector.Text("field"))),
    ];
}
