namespace Pharos.Collection.Tests.Discovery.Kubernetes;

/// <summary>Objects of a small cluster.</summary>
internal static class Cluster
{
    public const string Pods = "/api/v1/namespaces/shop/pods";
    public const string Services = "/api/v1/namespaces/shop/services";
    public const string Endpoints = "/api/v1/namespaces/shop/endpoints";
    public const string Slices = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";
    public const string Ingresses = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses";
    public const string Nodes = "/api/v1/nodes";

    public const string Node = """
        {"metadata":{"name":"n1","labels":{"zone/a":"x"},"annotations":{"note":"y"}},"spec":{"providerID":"p://1"},
         "status":{"addresses":[{"type":"Hostname","address":"h1"},{"type":"InternalIP","address":"10.0.0.1"},
         {"type":"ExternalIP","address":"1.2.3.4"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":10250}}}}
        """;

    public const string Service = """
        {"metadata":{"name":"web","labels":{"app":"web"},"annotations":{"prometheus.io/scrape":"true"}},
         "spec":{"type":"ClusterIP","clusterIP":"10.1.0.1","ports":[{"name":"http","port":80,"protocol":"TCP"}]}}
        """;

    public const string EndpointsOfWeb = """
        {"metadata":{"name":"web","labels":{"e":"f"}},"subsets":[{"ports":[{"name":"http","port":8080,"protocol":"TCP"}],
         "addresses":[{"ip":"10.2.0.1","nodeName":"n1","targetRef":{"kind":"Pod","name":"web-1","namespace":"shop"}}],
         "notReadyAddresses":[{"ip":"10.2.0.9","hostname":"late"}]}]}
        """;

    public const string Slice = """
        {"metadata":{"name":"web-abc","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
         "ports":[{"name":"http","port":8080,"protocol":"TCP","appProtocol":"http"}],
         "endpoints":[{"addresses":["10.2.0.1"],"nodeName":"n1","zone":"z1","conditions":{"ready":true,"serving":true,"terminating":false},
          "targetRef":{"kind":"Pod","name":"web-1","namespace":"shop"},"deprecatedTopology":{"topology/rack":"r1"}}]}
        """;

    public const string Ingress = """
        {"metadata":{"name":"front"},"spec":{"ingressClassName":"nginx","tls":[{"hosts":["*.example.com"]}],
         "rules":[{"host":"a.example.com","http":{"paths":[{"path":"/x"},{"path":""}]}},{"host":"plain.test"}]}}
        """;

    public static string Pod(string name, string ip = "10.2.0.1", string phase = "Running") => $$$"""
        {"metadata":{"name":"{{{name}}}","uid":"u-{{{name}}}","labels":{"app":"web","app.kubernetes.io/part-of":"shop"},
         "annotations":{"prometheus.io/port":"8080"},
         "ownerReferences":[{"kind":"ReplicaSet","name":"web-rs","controller":true}]},
         "spec":{"nodeName":"n1","containers":[
          {"name":"main","image":"web:1","ports":[{"name":"http","containerPort":8080,"protocol":"TCP"},{"name":"admin","containerPort":9000,"protocol":"TCP"}]},
          {"name":"side","image":"side:2"}],"initContainers":[{"name":"setup","image":"init:3"}]},
         "status":{"podIP":"{{{ip}}}","hostIP":"10.0.0.1","phase":"{{{phase}}}","conditions":[{"type":"Ready","status":"True"}],
          "containerStatuses":[{"name":"main","containerID":"docker://abc"}]}}
        """;
}
