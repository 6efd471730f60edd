using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Discovery.Kubernetes;
using Pharos.Collection.Scraping;
using Pharos.Collection.Tests.Discovery.Kubernetes;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Tests.Security;
using Pharos.Storage.Metrics;

namespace Pharos.Server.Tests.Configuration;

/// <summary>The seed's Kubernetes jobs inside a cluster: service account, TLS, and its own relabel rules.</summary>
public sealed class SeedClusterTests : IDisposable
{
    private const string Production = "/api/v1/namespaces/progressive-framework-prod";

    private readonly DirectoryInfo _account = Directory.CreateTempSubdirectory("pharos-account-");
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _account.Delete(recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public async Task Its_jobs_find_their_targets()
    {
        await using var server = await StartAsync();
        Fill(server);
        var environment = new ConfigEnvironment(name => name switch
        {
            "KUBERNETES_SERVICE_HOST" => "127.0.0.1",
            "KUBERNETES_SERVICE_PORT" => new Uri(server.Url).Port.ToString(),
            _ => null,
        }, InsideCluster: true)
        { ServiceAccountFolder = _account.FullName };
        var config = PrometheusFile.Read(SeedFile(), environment).Config;
        Assert.NotNull(config);
        Assert.Equal(9, config.ScrapeJobs.Count(job => job.Discoveries[0] is KubernetesDiscoveryOptions));

        using var meter = new Meter("test");
        await using var store = MetricStore.OpenInMemory(meter);
        await using var collector = new Collector(store, TimeProvider.System, NullLogger.Instance, meter);
        collector.Apply(config.ScrapeJobs);
        string[] expected =
        [
            "kubernetes-apiservers https://10.9.0.1:6443/metrics",
            "kubernetes-cadvisor https://10.0.0.1:10250/metrics/cadvisor",
            "kubernetes-nodes https://10.0.0.1:10250/metrics",
            "progressive-agents http://10.2.0.5:8080/agent-metrics",
            "progressive-framework-v5 http://10.2.0.1:8000/metrics",
            "redis-exporter http://redis-exporter.progressive-framework-prod.svc:9121/metrics",
        ];
        Assert.Equal(expected, await TargetsAsync(collector, expected.Length));
        var agent = Assert.Single(collector.Snapshot().Active, target => target.ScrapePool == "progressive-agents");
        Assert.Equal(("mca", "progressive-framework-prod", "mca-0", "agents"), (agent.Labels["agent_type"],
            agent.Labels["kubernetes_namespace"], agent.Labels["kubernetes_pod_name"], agent.Labels["tier"]));
    }

    /// <summary>Waits until as many targets have been found; the static jobs are left out.</summary>
    private static async Task<List<string>> TargetsAsync(Collector collector, int count)
    {
        var found = new List<string>();
        for (var i = 0; i < 600; i++)
        {
            found = [.. collector.Snapshot().Active.Where(target => !target.ScrapePool.StartsWith("kube-state", StringComparison.Ordinal)
                    && target.ScrapePool is not ("postgres-exporter" or "mongodb-exporter"))
                .Select(target => $"{target.ScrapePool} {target.ScrapeUrl}").Order(StringComparer.Ordinal)];
            if (found.Count >= count)
            {
                break;
            }
            await Task.Delay(25);
        }
        return found;
    }

    private async Task<KubernetesApiServer> StartAsync()
    {
        var (pem, key) = _authority.Issue("kubernetes", System.Net.IPAddress.Loopback);
        await File.WriteAllTextAsync(Path.Combine(_account.FullName, "ca.crt"), _authority.Pem);
        await File.WriteAllTextAsync(Path.Combine(_account.FullName, "token"), "the-token\n");
        await File.WriteAllTextAsync(Path.Combine(_account.FullName, "namespace"), "monitoring");
        return await KubernetesApiServer.StartAsync("the-token", X509Certificate2.CreateFromPem(pem, key));
    }

    private static void Fill(KubernetesApiServer server)
    {
        server.Put("/api/v1/nodes", Cluster.Node);
        server.Put($"{Production}/services", """
            {"metadata":{"name":"api","annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"8000"}},
             "spec":{"ports":[{"name":"http","port":80}]}}
            """);
        server.Put($"{Production}/services", """{"metadata":{"name":"quiet"},"spec":{"ports":[{"port":80}]}}""");
        server.Put($"{Production}/services", """{"metadata":{"name":"redis-exporter"},"spec":{"ports":[{"port":9121}]}}""");
        server.Put($"{Production}/endpoints", """
            {"metadata":{"name":"api"},"subsets":[{"addresses":[{"ip":"10.2.0.1"}],"ports":[{"name":"http","port":80}]}]}
            """);
        server.Put($"{Production}/pods", """
            {"metadata":{"name":"mca-0","labels":{"tier":"agents","app":"mca"},
              "annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"8080","prometheus.io/path":"/agent-metrics"}},
             "spec":{"containers":[{"name":"main","ports":[{"containerPort":8080}]}]},"status":{"podIP":"10.2.0.5"}}
            """);
        server.Put("/api/v1/namespaces/elsewhere/pods", """
            {"metadata":{"name":"other-0","labels":{"tier":"agents"},"annotations":{"prometheus.io/scrape":"true"}},
             "spec":{"containers":[{"name":"main","ports":[{"containerPort":8080}]}]},"status":{"podIP":"10.2.0.6"}}
            """);
        server.Put("/api/v1/namespaces/default/endpoints", """
            {"metadata":{"name":"kubernetes"},"subsets":[{"addresses":[{"ip":"10.9.0.1"}],"ports":[{"name":"https","port":6443}]}]}
            """);
        server.Put("/api/v1/namespaces/default/services", """{"metadata":{"name":"kubernetes"},"spec":{"ports":[{"name":"https","port":443}]}}""");
    }

    private static string SeedFile()
    {
        var path = Path.Combine(TestFolders.Shared, "seed", "prometheus.yml");
        if (!File.Exists(path))
        {
            Assert.Skip("needs ../shared/seed/prometheus.yml beside the checkout");
        }
        return path;
    }
}
