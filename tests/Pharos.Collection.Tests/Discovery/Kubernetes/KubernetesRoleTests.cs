using Pharos.Collection.Discovery;
using Pharos.Collection.Discovery.Kubernetes;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery.Kubernetes;

/// <summary>What becomes of each kind of object.</summary>
public sealed class KubernetesRoleTests : IAsyncLifetime
{
    private KubernetesApiServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await KubernetesApiServer.StartAsync();
        _server.Put(Cluster.Nodes, Cluster.Node);
        _server.Put("/api/v1/namespaces", """{"metadata":{"name":"shop","labels":{"team":"red"}}}""");
        _server.Put(Cluster.Services, Cluster.Service);
        _server.Put(Cluster.Pods, Cluster.Pod("web-1"));
        _server.Put(Cluster.Endpoints, Cluster.EndpointsOfWeb);
        _server.Put(Cluster.Slices, Cluster.Slice);
        _server.Put(Cluster.Ingresses, Cluster.Ingress);
        _server.Put("/apis/apps/v1/namespaces/shop/replicasets",
            """{"metadata":{"name":"web-rs","ownerReferences":[{"kind":"Deployment","name":"web-deploy","controller":true}]}}""");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_node_is_its_kubelet()
    {
        var target = Assert.Single(await FindAsync(ClusterOptions.Of(_server, KubernetesRole.Node)));
        Assert.Equal(LabelSet.From(
            ("__address__", "10.0.0.1:10250"), ("instance", "n1"), ("__meta_kubernetes_node_name", "n1"),
            ("__meta_kubernetes_node_provider_id", "p://1"), ("__meta_kubernetes_node_label_zone_a", "x"),
            ("__meta_kubernetes_node_labelpresent_zone_a", "true"), ("__meta_kubernetes_node_annotation_note", "y"),
            ("__meta_kubernetes_node_annotationpresent_note", "true"), ("__meta_kubernetes_node_address_Hostname", "h1"),
            ("__meta_kubernetes_node_address_InternalIP", "10.0.0.1"), ("__meta_kubernetes_node_address_ExternalIP", "1.2.3.4")), target);
    }

    [Fact]
    public async Task A_service_is_its_name_in_the_cluster()
    {
        var target = Assert.Single(await FindAsync(ClusterOptions.Of(_server, KubernetesRole.Service) with { AttachNamespace = true }));
        Assert.Equal(LabelSet.From(
            ("__address__", "web.shop.svc:80"), ("__meta_kubernetes_namespace", "shop"), ("__meta_kubernetes_service_name", "web"),
            ("__meta_kubernetes_service_label_app", "web"), ("__meta_kubernetes_service_labelpresent_app", "true"),
            ("__meta_kubernetes_service_annotation_prometheus_io_scrape", "true"),
            ("__meta_kubernetes_service_annotationpresent_prometheus_io_scrape", "true"),
            ("__meta_kubernetes_service_port_name", "http"), ("__meta_kubernetes_service_port_number", "80"),
            ("__meta_kubernetes_service_port_protocol", "TCP"), ("__meta_kubernetes_service_type", "ClusterIP"),
            ("__meta_kubernetes_service_cluster_ip", "10.1.0.1"), ("__meta_kubernetes_namespace_label_team", "red"),
            ("__meta_kubernetes_namespace_labelpresent_team", "true")), target);
    }

    [Fact]
    public async Task A_pod_is_one_target_per_container_and_port()
    {
        var targets = await FindAsync(ClusterOptions.Of(_server, KubernetesRole.Pod) with
        {
            AttachNode = true,
            AttachDeployment = true,
        });
        Assert.Equal(["10.2.0.1", "10.2.0.1", "10.2.0.1:8080", "10.2.0.1:9000"], targets.Select(t => t["__address__"]));
        Assert.Equal(["setup", "side"], targets.Take(2).Select(t => t["__meta_kubernetes_pod_container_name"]).Order());
        Assert.Equal(["false", "true"], targets.Take(2).Select(t => t["__meta_kubernetes_pod_container_init"]).Order());
        Assert.Equal(LabelSet.From(
            ("__address__", "10.2.0.1:8080"), ("__meta_kubernetes_namespace", "shop"), ("__meta_kubernetes_pod_name", "web-1"),
            ("__meta_kubernetes_pod_uid", "u-web-1"), ("__meta_kubernetes_pod_ip", "10.2.0.1"), ("__meta_kubernetes_pod_host_ip", "10.0.0.1"),
            ("__meta_kubernetes_pod_ready", "true"), ("__meta_kubernetes_pod_phase", "Running"), ("__meta_kubernetes_pod_node_name", "n1"),
            ("__meta_kubernetes_pod_controller_kind", "ReplicaSet"), ("__meta_kubernetes_pod_controller_name", "web-rs"),
            ("__meta_kubernetes_pod_deployment_name", "web-deploy"),
            ("__meta_kubernetes_pod_label_app", "web"), ("__meta_kubernetes_pod_labelpresent_app", "true"),
            ("__meta_kubernetes_pod_label_app_kubernetes_io_part_of", "shop"),
            ("__meta_kubernetes_pod_labelpresent_app_kubernetes_io_part_of", "true"),
            ("__meta_kubernetes_pod_annotation_prometheus_io_port", "8080"),
            ("__meta_kubernetes_pod_annotationpresent_prometheus_io_port", "true"),
            ("__meta_kubernetes_pod_container_name", "main"), ("__meta_kubernetes_pod_container_image", "web:1"),
            ("__meta_kubernetes_pod_container_id", "docker://abc"), ("__meta_kubernetes_pod_container_init", "false"),
            ("__meta_kubernetes_pod_container_port_name", "http"), ("__meta_kubernetes_pod_container_port_number", "8080"),
            ("__meta_kubernetes_pod_container_port_protocol", "TCP"),
            ("__meta_kubernetes_node_name", "n1"), ("__meta_kubernetes_node_label_zone_a", "x"),
            ("__meta_kubernetes_node_labelpresent_zone_a", "true"), ("__meta_kubernetes_node_annotation_note", "y"),
            ("__meta_kubernetes_node_annotationpresent_note", "true")), targets[2]);
    }

    [Fact]
    public async Task Endpoints_carry_their_service_and_pods_and_the_pods_other_ports()
    {
        var targets = await FindAsync(ClusterOptions.Of(_server, KubernetesRole.Endpoints));
        Assert.Equal(["10.2.0.1:8080", "10.2.0.1:9000", "10.2.0.9:8080"], targets.Select(t => t["__address__"]));
        var ready = targets[0];
        Assert.Equal("true", ready["__meta_kubernetes_endpoint_ready"]);
        Assert.Equal("http", ready["__meta_kubernetes_endpoint_port_name"]);
        Assert.Equal("TCP", ready["__meta_kubernetes_endpoint_port_protocol"]);
        Assert.Equal("Pod", ready["__meta_kubernetes_endpoint_address_target_kind"]);
        Assert.Equal("web-1", ready["__meta_kubernetes_endpoint_address_target_name"]);
        Assert.Equal("n1", ready["__meta_kubernetes_endpoint_node_name"]);
        Assert.Equal("web", ready["__meta_kubernetes_endpoints_name"]);
        Assert.Equal("f", ready["__meta_kubernetes_endpoints_label_e"]);
        Assert.Equal("true", ready["__meta_kubernetes_service_annotation_prometheus_io_scrape"]);
        Assert.Equal("main", ready["__meta_kubernetes_pod_container_name"]);
        Assert.Equal("8080", ready["__meta_kubernetes_pod_container_port_number"]);
        Assert.Equal("admin", targets[1]["__meta_kubernetes_pod_container_port_name"]);
        Assert.Equal("", targets[1]["__meta_kubernetes_endpoint_ready"]);
        Assert.Equal(("false", "late"), (targets[2]["__meta_kubernetes_endpoint_ready"], targets[2]["__meta_kubernetes_endpoint_hostname"]));
    }

    [Fact]
    public async Task An_endpoint_slice_carries_conditions_zone_and_topology()
    {
        var targets = await FindAsync(ClusterOptions.Of(_server, KubernetesRole.EndpointSlice));
        Assert.Equal(["10.2.0.1:8080", "10.2.0.1:9000"], targets.Select(t => t["__address__"]));
        string[] labels =
        [
            "address_type", "port_name", "port_protocol", "port", "port_app_protocol", "endpoint_conditions_ready",
            "endpoint_conditions_serving", "endpoint_conditions_terminating", "endpoint_node_name", "endpoint_zone",
            "endpoint_topology_topology_rack", "endpoint_topology_present_topology_rack", "address_target_kind", "name",
        ];
        Assert.Equal(
            ["IPv4", "http", "TCP", "8080", "http", "true", "true", "false", "n1", "z1", "r1", "true", "Pod", "web-abc"],
            labels.Select(label => targets[0][$"__meta_kubernetes_endpointslice_{label}"]));
        Assert.Equal("web", targets[0]["__meta_kubernetes_service_name"]);
        Assert.Equal("web-1", targets[0]["__meta_kubernetes_pod_name"]);
    }

    [Fact]
    public async Task The_second_address_family_of_a_service_is_not_scraped_twice()
    {
        _server.Put(Cluster.Services, """
            {"metadata":{"name":"web"},"spec":{"ipFamilyPolicy":"PreferDualStack","ipFamilies":["IPv6","IPv4"]}}
            """);
        Assert.Empty(await FindAsync(ClusterOptions.Of(_server, KubernetesRole.EndpointSlice)));
    }

    [Fact]
    public async Task An_ingress_is_one_target_per_host_and_path()
    {
        var targets = await FindAsync(ClusterOptions.Of(_server, KubernetesRole.Ingress));
        Assert.Equal(["https://a.example.com/", "https://a.example.com/x", "http://plain.test/"], targets
            .Select(t => $"{t["__meta_kubernetes_ingress_scheme"]}://{t["__meta_kubernetes_ingress_host"]}{t["__meta_kubernetes_ingress_path"]}")
            .OrderBy(url => url[^1] == 't').ThenByDescending(url => url.StartsWith("https", StringComparison.Ordinal))
            .ThenBy(url => url, StringComparer.Ordinal));
        Assert.All(targets, target => Assert.Equal(
            ("nginx", "front", "shop"),
            (target["__meta_kubernetes_ingress_class_name"], target["__meta_kubernetes_ingress_name"], target["__meta_kubernetes_namespace"])));
    }

    private static async Task<List<LabelSet>> FindAsync(DiscoveryOptions options)
    {
        await using var run = new DiscoveryRun(options);
        return DiscoveryRun.Flat(await run.NextAsync());
    }
}
