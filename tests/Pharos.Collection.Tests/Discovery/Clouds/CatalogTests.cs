using Microsoft.AspNetCore.Http;
using Pharos.Collection.Discovery.Eureka;
using Pharos.Collection.Discovery.Kuma;
using Pharos.Collection.Discovery.Marathon;
using Pharos.Collection.Discovery.Nomad;
using Pharos.Collection.Discovery.Uyuni;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery.Clouds;

/// <summary>Catalogs of services, by answers as their documentation shows them.</summary>
public sealed class CatalogTests
{
    private const string Eureka = """
        <applications>
          <versions__delta>1</versions__delta>
          <application>
            <name>META-SERVICE</name>
            <instance>
              <instanceId>meta-service002.test.com:meta-service:8080</instanceId>
              <hostName>meta-service002.test.com</hostName>
              <app>META-SERVICE</app>
              <ipAddr>192.133.87.237</ipAddr>
              <status>UP</status>
              <port enabled="true">8080</port>
              <securePort enabled="false">443</securePort>
              <countryId>1</countryId>
              <dataCenterInfo class="com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo">
                <name>Amazon</name>
                <metadata><ami-id>ami-1</ami-id></metadata>
              </dataCenterInfo>
              <metadata><project>meta-service</project><management.port>8090</management.port></metadata>
              <homePageUrl>http://meta-service002.test.com:8080/</homePageUrl>
              <statusPageUrl>http://meta-service002.test.com:8080/info</statusPageUrl>
              <healthCheckUrl>http://meta-service002.test.com:8080/health</healthCheckUrl>
              <vipAddress>meta</vipAddress>
              <secureVipAddress>secure</secureVipAddress>
            </instance>
            <instance><hostName>bare</hostName></instance>
          </application>
        </applications>
        """;

    [Fact]
    public async Task Eureka_gives_the_instances_of_applications()
    {
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(Eureka);
        });
        await using var run = new DiscoveryRun(new EurekaDiscoveryOptions { Http = DiscoveryRun.Http, Server = $"{server.Url}/eureka/v2" });
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("eureka", group.Source);
        Assert.Equal("/eureka/v2/apps", Assert.Single(server.Asked));
        const string P = "__meta_eureka_app_instance_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "meta-service002.test.com:8080"), ("instance", "meta-service002.test.com:meta-service:8080"),
                ("__meta_eureka_app_name", "META-SERVICE"), ($"{P}hostname", "meta-service002.test.com"),
                ($"{P}homepage_url", "http://meta-service002.test.com:8080/"), ($"{P}statuspage_url", "http://meta-service002.test.com:8080/info"),
                ($"{P}healthcheck_url", "http://meta-service002.test.com:8080/health"), ($"{P}ip_addr", "192.133.87.237"),
                ($"{P}vip_address", "meta"), ($"{P}secure_vip_address", "secure"), ($"{P}status", "UP"), ($"{P}country_id", "1"),
                ($"{P}id", "meta-service002.test.com:meta-service:8080"), ($"{P}port", "8080"), ($"{P}port_enabled", "true"),
                ($"{P}secure_port", "443"), ($"{P}secure_port_enabled", "false"), ($"{P}datacenterinfo_name", "Amazon"),
                ($"{P}datacenterinfo_metadata_ami_id", "ami-1"), ($"{P}metadata_project", "meta-service"), ($"{P}metadata_management_port", "8090")),
            group.Targets[0]);
        Assert.Equal("bare:80", group.Targets[1]["__address__"]);
    }

    [Fact]
    public async Task Nomad_gives_the_instances_of_services()
    {
        await using var server = await HttpDouble.StartAsync(path => path switch
        {
            "/v1/services" => """[{"Namespace":"default","Services":[{"ServiceName":"hello world","Tags":["metrics"]}]}]""",
            "/v1/service/hello%20world" => """
                [{"ID":"_nomad-task-1","ServiceName":"hello world","Namespace":"default","NodeID":"n1","Datacenter":"dc1","JobID":"hello",
                  "AllocID":"a1","Tags":["metrics","web"],"Address":"127.0.0.1","Port":30456}]
                """,
            _ => null,
        });
        await using var run = new DiscoveryRun(new NomadDiscoveryOptions { Http = DiscoveryRun.Http, Server = server.Url, Namespace = "a b" });
        const string P = "__meta_nomad_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "127.0.0.1:30456"), ($"{P}address", "127.0.0.1"), ($"{P}dc", "dc1"), ($"{P}namespace", "default"),
                ($"{P}node_id", "n1"), ($"{P}service", "hello world"), ($"{P}service_address", "127.0.0.1"), ($"{P}service_id", "_nomad-task-1"),
                ($"{P}service_port", "30456"), ($"{P}tags", ",metrics,web,")),
            Assert.Single(Assert.Single(await run.NextAsync()).Targets));
        Assert.Equal("/v1/services?namespace=a%20b&region=global&stale=", server.Asked.First());
    }

    [Fact]
    public async Task Nomad_that_fails_half_way_keeps_the_targets()
    {
        await using var server = await HttpDouble.StartAsync(
            path => path == "/v1/services" ? """[{"Services":[{"ServiceName":"gone"}]}]""" : null);
        await using var run = new DiscoveryRun(new NomadDiscoveryOptions { Http = DiscoveryRun.Http, Server = server.Url });
        Assert.Contains("404", await run.ErrorAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ports":[31000],"host":"m"}""", """ "portDefinitions":[{"labels":{"l-x":"v"},"port":0}],"requirePorts":true """,
        "m:31000", "__meta_marathon_port_definition_label_l_x")]
    [InlineData("""{"ports":[31000],"host":"m"}""", """ "portDefinitions":[{"labels":{"l":"v"},"port":22}],"requirePorts":true """,
        "m:22", "__meta_marathon_port_definition_label_l")]
    [InlineData("""{"ports":[31000],"host":"m"}""", """ "portDefinitions":[{"labels":{"l":"v"},"port":22}] """,
        "m:31000", "__meta_marathon_port_definition_label_l")]
    [InlineData("""{"ports":[31000],"host":"m"}""", """ "container":{"portMappings":[{"labels":{"l":"v"},"hostPort":0}],"docker":{"image":"i"}} """,
        "m:31000", "__meta_marathon_port_mapping_label_l")]
    [InlineData("""{"ports":[31000],"host":"m"}""", """ "container":{"docker":{"image":"i","portMappings":[{"labels":{"l":"v"},"hostPort":31234}]}} """,
        "m:31234", "__meta_marathon_port_mapping_label_l")]
    [InlineData("""{"host":"m","ipAddresses":[{"ipAddress":"1.2.3.4"}]}""",
        """ "networks":[{"mode":"container","name":"n"}],"container":{"portMappings":[{"labels":{"l":"v"},"containerPort":8080,"hostPort":0}]} """,
        "1.2.3.4:8080", "__meta_marathon_port_mapping_label_l")]
    public async Task Marathon_gives_tasks_at_the_ports_of_their_network(string task, string app, string address, string label)
    {
        await using var server = await HttpDouble.StartAsync(_ => "{\"apps\":[{\"id\":\"/a/b\",\"labels\":{\"x-y\":\"z\"},\"tasks\":["
            + task.Insert(1, "\"id\":\"t1\",") + "]," + app + "}]}");
        await using var run = new DiscoveryRun(new MarathonDiscoveryOptions { Http = DiscoveryRun.Http, Servers = [server.Url] });
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("/v2/apps/?embed=apps.tasks", Assert.Single(server.Asked));
        Assert.Equal(("/a/b", "/a/b", "z"), (group.Source, group.Labels["__meta_marathon_app"], group.Labels["__meta_marathon_app_label_x_y"]));
        Assert.Equal(
            LabelSet.From(("__address__", address), ("__meta_marathon_task", "t1"), ("__meta_marathon_port_index", "0"), (label, "v")),
            Assert.Single(group.Targets));
    }

    [Fact]
    public async Task Marathon_takes_the_ports_of_tasks_where_the_app_names_none()
    {
        await using var server = await HttpDouble.StartAsync(
            _ => """{"apps":[{"id":"a","tasks":[{"id":"t","host":"h","ports":[1,2]}],"container":{"docker":{"image":"img"}}}]}""");
        await using var run = new DiscoveryRun(new MarathonDiscoveryOptions { Http = DiscoveryRun.Http, Servers = [server.Url] });
        var groups = await run.NextAsync();
        Assert.Equal(["h:1", "h:2"], DiscoveryRun.Addresses(groups));
        Assert.Equal("img", groups[0].Labels["__meta_marathon_image"]);
    }

    [Fact]
    public async Task Uyuni_gives_the_endpoints_of_systems()
    {
        var calls = new List<string>();
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            var call = await new StreamReader(context.Request.Body).ReadToEndAsync();
            calls.Add(call);
            await context.Response.WriteAsync(Answer(call));
        });
        await using var run = new DiscoveryRun(new UyuniDiscoveryOptions
        {
            Http = DiscoveryRun.Http, Server = server.Url, Username = "u", Password = Secret.Inline("p&q"),
        });
        const string P = "__meta_uyuni_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "host.example:9100"), ($"{P}minion_hostname", "host.example"), ($"{P}primary_fqdn", "host.fqdn"),
                ($"{P}system_id", "1000010000"), ($"{P}groups", "g1,g2"), ($"{P}endpoint_name", "node"), ($"{P}exporter", "node_exporter"),
                ($"{P}metrics_path", "/metrics"), ($"{P}scheme", "https")),
            Assert.Single(Assert.Single(await run.NextAsync()).Targets));
        Assert.Contains("<string>p&amp;q</string>", calls[0], StringComparison.Ordinal);
        Assert.Contains("<string>session</string>", calls[1], StringComparison.Ordinal);

        static string Value(string xml) => $"<?xml version=\"1.0\"?><methodResponse><params><param><value>{xml}</value></param></params></methodResponse>";
        static string Struct(params (string Name, string Value)[] members) => "<struct>" + string.Concat(members.Select(
            member => $"<member><name>{member.Name}</name><value>{member.Value}</value></member>")) + "</struct>";
        static string List(params string[] items) => "<array><data>" + string.Concat(items.Select(item => $"<value>{item}</value>")) + "</data></array>";
        static string Answer(string call) => Value(
            call.Contains("auth.login", StringComparison.Ordinal) ? "<string>session</string>"
            : call.Contains("listSystemGroups", StringComparison.Ordinal) ? List(Struct(("id", "<i4>1000010000</i4>"),
                ("system_groups", List(Struct(("id", "<i4>1</i4>"), ("name", "g1")), Struct(("id", "<i4>2</i4>"), ("name", "g2"))))))
            : call.Contains("listEndpoints", StringComparison.Ordinal) ? List(Struct(("system_id", "<i4>1000010000</i4>"), ("endpoint_name", "node"),
                ("port", "<i4>9100</i4>"), ("path", "/metrics"), ("module", "<string/>"), ("exporter_name", "node_exporter"),
                ("tls_enabled", "<boolean>1</boolean>")))
            : List(Struct(("system_id", "<i4>1000010000</i4>"), ("hostname", "host.example"), ("primary_fqdn", "host.fqdn"), ("ip", "10.0.0.1"))));
    }

    [Fact]
    public async Task Kuma_gives_assignments_and_keeps_them_while_there_is_no_news()
    {
        var bodies = new List<string>();
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            bodies.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            if (bodies.Count > 1)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
            await context.Response.WriteAsync("""
                {"versionInfo":"v1","nonce":"n1","typeUrl":"type.googleapis.com/kuma.observability.v1.MonitoringAssignment","resources":[
                  {"@type":"type.googleapis.com/kuma.observability.v1.MonitoringAssignment","mesh":"metrics","service":"prometheus",
                   "labels":{"commonLabel":"test"},"targets":[{"name":"prometheus-01","scheme":"http","address":"10.1.4.32:9090",
                   "metricsPath":"/custom-metrics","labels":{"own-label":"x"}}]}]}
                """);
        });
        await using var run = new DiscoveryRun(new KumaDiscoveryOptions
        {
            Http = DiscoveryRun.Http, Server = server.Url, ClientId = "me", RefreshInterval = TimeSpan.FromMilliseconds(20),
        });
        const string P = "__meta_kuma_";
        var expected = LabelSet.From(
            ("__address__", "10.1.4.32:9090"), ("__scheme__", "http"), ("__metrics_path__", "/custom-metrics"), ("instance", "prometheus-01"),
            ($"{P}mesh", "metrics"), ($"{P}service", "prometheus"), ($"{P}dataplane", "prometheus-01"), ($"{P}label_commonLabel", "test"),
            ($"{P}label_own_label", "x"));
        Assert.Equal(expected, Assert.Single(Assert.Single(await run.NextAsync()).Targets));
        Assert.Equal(expected, Assert.Single(Assert.Single(await run.NextAsync()).Targets));
        Assert.Equal("/v3/discovery:monitoringassignments?fetch-timeout=2m", server.Asked.First());
        Assert.Contains("\"versionInfo\":\"v1\",\"node\":{\"id\":\"me\"}", bodies[1], StringComparison.Ordinal);
        Assert.Contains("\"responseNonce\":\"n1\"", bodies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uyuni_faults_are_told()
    {
        await using var server = await HttpDouble.StartAsync(_ => """
            <methodResponse><fault><value><struct><member><name>faultString</name><value>bad login</value></member></struct></value></fault></methodResponse>
            """);
        await using var run = new DiscoveryRun(new UyuniDiscoveryOptions
        {
            Http = DiscoveryRun.Http, Server = server.Url, Username = "u", Password = Secret.Inline("p"),
        });
        Assert.Contains("bad login", await run.ErrorAsync(), StringComparison.Ordinal);
    }
}
