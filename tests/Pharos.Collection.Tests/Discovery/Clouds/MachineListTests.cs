using System.Web;
using Microsoft.AspNetCore.Http;
using Pharos.Collection.Discovery.Aws;
using Pharos.Collection.Discovery.DigitalOcean;
using Pharos.Collection.Discovery.Hetzner;
using Pharos.Collection.Discovery.OpenStack;
using Pharos.Collection.Discovery.Vultr;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery.Clouds;

/// <summary>Clouds whose lists of machines are tried with answers as their documentation shows them.</summary>
public sealed class MachineListTests
{
    [Fact]
    public async Task Hetzner_gives_servers_of_the_cloud_over_all_pages()
    {
        await using var server = await HttpDouble.StartAsync(context => context.Response.WriteAsync(
            context.Request.Path == "/networks" ? """{"networks":[{"id":4711,"name":"my net"}],"meta":{"pagination":{"next_page":null}}}"""
            : context.Request.Query["page"] == "1" ? """
                {"servers":[{"id":42,"name":"my-server","status":"running","public_net":{"ipv4":{"ip":"1.2.3.4"},"ipv6":{"ip":"2001:db8::/64"}},
                  "private_net":[{"network":4711,"ip":"10.0.0.2"}],
                  "server_type":{"name":"cx11","cores":1,"memory":1.0,"disk":25,"cpu_type":"shared"},
                  "datacenter":{"name":"fsn1-dc8","location":{"name":"fsn1","network_zone":"eu-central"}},
                  "image":{"name":"ubuntu-20.04","description":"Ubuntu 20.04 Standard 64 bit","os_flavor":"ubuntu","os_version":"20.04"},
                  "labels":{"my-key":"my-value","empty":""}}],"meta":{"pagination":{"next_page":2}}}
                """
            : """{"servers":[{"id":43,"public_net":{"ipv4":{"ip":"1.2.3.5"}},"image":null}],"meta":{"pagination":{"next_page":null}}}"""));
        await using var run = new DiscoveryRun(new HetznerDiscoveryOptions
        {
            Http = DiscoveryRun.Http, Role = HetznerRole.Cloud, CloudServer = server.Url, LabelSelector = "env=prod",
        });
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("hetzner", group.Source);
        Assert.Contains("label_selector=env%3Dprod", server.Asked.First(), StringComparison.Ordinal);
        const string P = "__meta_hetzner_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "1.2.3.4:80"), ($"{P}role", "hcloud"), ($"{P}server_id", "42"), ($"{P}server_name", "my-server"),
                ($"{P}server_status", "running"), ($"{P}datacenter", "fsn1-dc8"), ($"{P}public_ipv4", "1.2.3.4"),
                ($"{P}public_ipv6_network", "2001:db8::/64"), ($"{P}hcloud_image_name", "ubuntu-20.04"),
                ($"{P}hcloud_image_description", "Ubuntu 20.04 Standard 64 bit"), ($"{P}hcloud_image_os_flavor", "ubuntu"),
                ($"{P}hcloud_image_os_version", "20.04"), ($"{P}hcloud_datacenter_location", "fsn1"), ($"{P}hcloud_location", "fsn1"),
                ($"{P}hcloud_datacenter_location_network_zone", "eu-central"), ($"{P}hcloud_location_network_zone", "eu-central"),
                ($"{P}hcloud_cpu_cores", "1"), ($"{P}hcloud_cpu_type", "shared"), ($"{P}hcloud_memory_size_gb", "1"),
                ($"{P}hcloud_disk_size_gb", "25"), ($"{P}hcloud_server_type", "cx11"), ($"{P}hcloud_private_ipv4_my_net", "10.0.0.2"),
                ($"{P}hcloud_label_my_key", "my-value"), ($"{P}hcloud_labelpresent_my_key", "true"), ($"{P}hcloud_labelpresent_empty", "true")),
            group.Targets[0]);
        Assert.Equal("1.2.3.5:80", group.Targets[1]["__address__"]);
    }

    [Fact]
    public async Task Hetzner_gives_servers_of_Robot()
    {
        await using var server = await HttpDouble.StartAsync(_ => """
            [{"server":{"server_ip":"123.123.123.123","server_number":321,"server_name":"server1","product":"DS 3000","dc":"NBG1-DC1",
              "status":"ready","cancelled":false,"subnet":[{"ip":"10.0.0.0","mask":"8"},{"ip":"2a01:4f8:111:4221::","mask":"64"}]}}]
            """);
        await using var run = new DiscoveryRun(new HetznerDiscoveryOptions { Http = DiscoveryRun.Http, Role = HetznerRole.Robot, RobotServer = server.Url });
        const string P = "__meta_hetzner_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "123.123.123.123:80"), ($"{P}role", "robot"), ($"{P}server_id", "321"), ($"{P}server_name", "server1"),
                ($"{P}server_status", "ready"), ($"{P}datacenter", "nbg1-dc1"), ($"{P}public_ipv4", "123.123.123.123"),
                ($"{P}public_ipv6_network", "2a01:4f8:111:4221::/64"), ($"{P}robot_datacenter", "nbg1-dc1"), ($"{P}robot_product", "DS 3000"),
                ($"{P}robot_cancelled", "false")),
            Assert.Single(Assert.Single(await run.NextAsync()).Targets));
    }

    [Fact]
    public async Task DigitalOcean_gives_droplets_over_all_pages()
    {
        await using var server = await HttpDouble.StartAsync(context => context.Response.WriteAsync(context.Request.Query["page"] == "1" ? """
            {"droplets":[{"id":3164444,"name":"web","status":"active","size_slug":"s-1vcpu-1gb","vpc_uuid":"v1","features":["ipv6","monitoring"],
              "tags":["a","b"],"image":{"slug":"ubuntu-16-04-x64","name":"Ubuntu"},"region":{"slug":"nyc3"},
              "networks":{"v4":[{"ip_address":"10.1.0.2","type":"private"},{"ip_address":"104.236.32.182","type":"public"}],
                          "v6":[{"ip_address":"2604:a880:0:1010::18a:a001","type":"public"}]}},
             {"id":1,"networks":{"v4":[]}}],"links":{"pages":{"next":"https://x/v2/droplets?page=2"}}}
            """ : """{"droplets":[{"id":2,"networks":{"v4":[{"ip_address":"1.1.1.1","type":"public"}]}}],"links":{}}"""));
        await using var run = new DiscoveryRun(new DigitalOceanDiscoveryOptions { Http = DiscoveryRun.Http, Server = server.Url });
        var targets = Assert.Single(await run.NextAsync()).Targets;
        const string P = "__meta_digitalocean_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "104.236.32.182:80"), ($"{P}droplet_id", "3164444"), ($"{P}droplet_name", "web"), ($"{P}image", "ubuntu-16-04-x64"),
                ($"{P}image_name", "Ubuntu"), ($"{P}private_ipv4", "10.1.0.2"), ($"{P}public_ipv4", "104.236.32.182"),
                ($"{P}public_ipv6", "2604:a880:0:1010::18a:a001"), ($"{P}region", "nyc3"), ($"{P}size", "s-1vcpu-1gb"), ($"{P}status", "active"),
                ($"{P}vpc", "v1"), ($"{P}features", ",ipv6,monitoring,"), ($"{P}tags", ",a,b,")),
            targets[0]);
        Assert.Equal(["104.236.32.182:80", "1.1.1.1:80"], targets.Select(target => target["__address__"]));
    }

    [Fact]
    public async Task Vultr_gives_instances_over_all_pages()
    {
        await using var server = await HttpDouble.StartAsync(context => context.Response.WriteAsync(context.Request.Query["cursor"] == "" ? """
            {"instances":[{"id":"cb","label":"node-1","os":"Ubuntu","os_id":387,"region":"ewr","plan":"vc2","vcpu_count":1,"ram":1024,
              "allowed_bandwidth":1,"disk":25,"main_ip":"149.28.234.27","v6_main_ip":"2001:19f0::1","internal_ip":"10.1.96.5","hostname":"h",
              "server_status":"installingbooting","features":["ipv6"],"tags":["t"]}],"meta":{"links":{"next":"abc"}}}
            """ : """{"instances":[{"id":"x","main_ip":"1.1.1.1"}],"meta":{"links":{"next":""}}}"""));
        await using var run = new DiscoveryRun(new VultrDiscoveryOptions { Http = DiscoveryRun.Http, Server = server.Url });
        var targets = Assert.Single(await run.NextAsync()).Targets;
        const string P = "__meta_vultr_instance_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "149.28.234.27:80"), ($"{P}id", "cb"), ($"{P}label", "node-1"), ($"{P}os", "Ubuntu"), ($"{P}os_id", "387"),
                ($"{P}region", "ewr"), ($"{P}plan", "vc2"), ($"{P}vcpu_count", "1"), ($"{P}ram_mb", "1024"), ($"{P}allowed_bandwidth_gb", "1"),
                ($"{P}disk_gb", "25"), ($"{P}main_ip", "149.28.234.27"), ($"{P}main_ipv6", "2001:19f0::1"), ($"{P}internal_ip", "10.1.96.5"),
                ($"{P}hostname", "h"), ($"{P}server_status", "installingbooting"), ($"{P}features", ",ipv6,"), ($"{P}tags", ",t,")),
            targets[0]);
        Assert.Equal(2, targets.Count);
    }

    [Fact]
    public async Task OpenStack_gives_instances_with_their_floating_addresses()
    {
        var login = "";
        await using var server = await OpenStackAsync(body => login = body, path => path switch
        {
            "/v2.0/ports" => """{"ports":[{"id":"p1","device_id":"s1","tenant_id":"t"}]}""",
            "/v2.0/floatingips" => """
                {"floatingips":[{"port_id":"p1","fixed_ip_address":"10.0.0.32","floating_ip_address":"10.10.10.2","tenant_id":"t"},
                                {"port_id":null,"fixed_ip_address":null,"floating_ip_address":"10.10.10.9","tenant_id":"t"}]}
                """,
            "/compute/servers/detail" => """
                {"servers":[{"id":"s0","addresses":{}},
                  {"id":"s1","name":"herp","status":"ACTIVE","tenant_id":"t","user_id":"u","flavor":{"id":"1"},"image":{"id":"i"},"metadata":{"env-type":"prod"},
                   "addresses":{"private":[{"addr":"10.0.0.32"},{"addr":"10.10.10.2"}]}},
                  {"id":"s2","name":"derp","status":"ACTIVE","tenant_id":"t","user_id":"u","flavor":{"original_name":"m1.medium"},"image":"",
                   "addresses":{"private":[{"addr":"10.0.0.33"}]}}]}
                """,
            _ => null,
        });
        await using var run = new DiscoveryRun(OpenStack(server.Url, OpenStackRole.Instance));
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("OS_RegionOne", group.Source);
        const string P = "__meta_openstack_";
        Assert.Equal(
            [
                LabelSet.From(
                    ("__address__", "10.0.0.32:80"), ($"{P}address_pool", "private"), ($"{P}instance_flavor", "1"), ($"{P}instance_id", "s1"),
                    ($"{P}instance_image", "i"), ($"{P}instance_name", "herp"), ($"{P}instance_status", "ACTIVE"), ($"{P}private_ip", "10.0.0.32"),
                    ($"{P}project_id", "t"), ($"{P}public_ip", "10.10.10.2"), ($"{P}tag_env_type", "prod"), ($"{P}user_id", "u")),
                LabelSet.From(
                    ("__address__", "10.0.0.33:80"), ($"{P}address_pool", "private"), ($"{P}instance_flavor", "m1.medium"), ($"{P}instance_id", "s2"),
                    ($"{P}instance_name", "derp"), ($"{P}instance_status", "ACTIVE"), ($"{P}private_ip", "10.0.0.33"), ($"{P}project_id", "t"),
                    ($"{P}user_id", "u")),
            ],
            group.Targets);
        Assert.Equal(
            "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":"
            + "{\"name\":\"user\",\"domain\":{\"name\":\"default\"},\"password\":\"pw\"}}},"
            + "\"scope\":{\"project\":{\"name\":\"project\",\"domain\":{\"name\":\"default\"}}}}}", login);
    }

    [Fact]
    public async Task OpenStack_gives_hypervisors_and_load_balancers()
    {
        await using var server = await OpenStackAsync(_ => { }, path => path switch
        {
            "/compute/os-hypervisors/detail" => """
                {"hypervisors":[{"id":1,"hypervisor_hostname":"nc14","host_ip":"172.16.70.14","status":"enabled","state":"up","hypervisor_type":"QEMU"}]}
                """,
            "/v2.0/lbaas/loadbalancers" => """
                {"loadbalancers":[{"id":"lb1","name":"lb","vip_address":"10.0.0.5","vip_port_id":"vp","operating_status":"ONLINE",
                   "provisioning_status":"ACTIVE","availability_zone":"az1","provider":"amphora","project_id":"t","tags":["a","b"]},{"id":"lb2"}]}
                """,
            "/v2.0/lbaas/listeners" => """
                {"listeners":[{"protocol":"HTTP","protocol_port":80,"loadbalancers":[{"id":"lb2"}]},
                              {"protocol":"PROMETHEUS","protocol_port":8080,"loadbalancers":[{"id":"lb1"}]}]}
                """,
            "/v2.0/floatingips" => """{"floatingips":[{"port_id":"vp","floating_ip_address":"192.168.1.2"}]}""",
            _ => null,
        });
        const string P = "__meta_openstack_";
        await using (var run = new DiscoveryRun(OpenStack(server.Url, OpenStackRole.Hypervisor)))
        {
            Assert.Equal(
                LabelSet.From(
                    ("__address__", "172.16.70.14:80"), ($"{P}hypervisor_id", "1"), ($"{P}hypervisor_hostname", "nc14"),
                    ($"{P}hypervisor_host_ip", "172.16.70.14"), ($"{P}hypervisor_status", "enabled"), ($"{P}hypervisor_state", "up"),
                    ($"{P}hypervisor_type", "QEMU")),
                Assert.Single(Assert.Single(await run.NextAsync()).Targets));
        }
        await using var balancers = new DiscoveryRun(OpenStack(server.Url, OpenStackRole.LoadBalancer));
        const string L = "__meta_openstack_loadbalancer_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "10.0.0.5:8080"), ($"{L}id", "lb1"), ($"{L}name", "lb"), ($"{L}operating_status", "ONLINE"),
                ($"{L}provisioning_status", "ACTIVE"), ($"{L}availability_zone", "az1"), ($"{L}floating_ip", "192.168.1.2"), ($"{L}vip", "10.0.0.5"),
                ($"{L}provider", "amphora"), ($"{L}tags", "a,b"), ($"{P}project_id", "t")),
            Assert.Single(Assert.Single(await balancers.NextAsync()).Targets));
    }

    [Fact]
    public async Task Ec2_gives_instances_with_the_ids_of_their_zones()
    {
        var forms = new List<string>();
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            var form = HttpUtility.ParseQueryString(await new StreamReader(context.Request.Body).ReadToEndAsync());
            forms.Add(form.ToString()!);
            await context.Response.WriteAsync(form["Action"] == "DescribeAvailabilityZones" ? """
                <DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><availabilityZoneInfo>
                  <item><zoneName>eu-west-2a</zoneName><zoneId>euw2-az2</zoneId></item></availabilityZoneInfo></DescribeAvailabilityZonesResponse>
                """ : form["NextToken"] is null ? """
                <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><ownerId>123</ownerId><instancesSet>
                  <item><instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><code>16</code><name>running</name></instanceState>
                    <privateDnsName>ip-10-0-0-4.internal</privateDnsName><dnsName>ec2-1.amazonaws.com</dnsName><instanceType>t2.micro</instanceType>
                    <placement><availabilityZone>eu-west-2a</availabilityZone></placement><privateIpAddress>10.0.0.4</privateIpAddress>
                    <ipAddress>54.1.2.3</ipAddress><vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId><architecture>x86_64</architecture>
                    <networkInterfaceSet>
                      <item><subnetId>subnet-1</subnetId><attachment><deviceIndex>0</deviceIndex></attachment>
                        <ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address></item></ipv6AddressesSet></item>
                      <item><subnetId>subnet-2</subnetId><attachment><deviceIndex>1</deviceIndex></attachment>
                        <ipv6AddressesSet><item><ipv6Address>2001:db8::2</ipv6Address><isPrimaryIpv6>true</isPrimaryIpv6></item></ipv6AddressesSet></item>
                      <item><subnetId>subnet-1</subnetId></item>
                    </networkInterfaceSet>
                    <tagSet><item><key>Name-x</key><value>web</value></item></tagSet></item>
                  <item><instanceId>i-2</instanceId></item>
                </instancesSet></item></reservationSet><nextToken>more</nextToken></DescribeInstancesResponse>
                """ : """
                <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><instancesSet>
                  <item><instanceId>i-3</instanceId><privateIpAddress>10.0.0.5</privateIpAddress><platform>windows</platform>
                    <instanceLifecycle>spot</instanceLifecycle></item></instancesSet></item></reservationSet></DescribeInstancesResponse>
                """);
        });
        await using var run = new DiscoveryRun(new Ec2DiscoveryOptions
        {
            Http = DiscoveryRun.Http, Access = Access(server.Url), Port = 9100, Filters = [new Ec2Filter("tag:env", ["a", "b"])],
        });
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("eu-west-2", group.Source);
        const string P = "__meta_ec2_";
        Assert.Equal(
            [
                LabelSet.From(
                    ("__address__", "10.0.0.4:9100"), ($"{P}ami", "ami-1"), ($"{P}architecture", "x86_64"), ($"{P}availability_zone", "eu-west-2a"),
                    ($"{P}availability_zone_id", "euw2-az2"), ($"{P}instance_id", "i-1"), ($"{P}instance_state", "running"),
                    ($"{P}instance_type", "t2.micro"), ($"{P}ipv6_addresses", ",2001:db8::1,2001:db8::2,"), ($"{P}owner_id", "123"),
                    ($"{P}primary_ipv6_addresses", ",,2001:db8::2,"), ($"{P}primary_subnet_id", "subnet-1"), ($"{P}private_dns_name", "ip-10-0-0-4.internal"),
                    ($"{P}private_ip", "10.0.0.4"), ($"{P}public_dns_name", "ec2-1.amazonaws.com"), ($"{P}public_ip", "54.1.2.3"),
                    ($"{P}region", "eu-west-2"), ($"{P}subnet_id", ",subnet-1,subnet-2,"), ($"{P}tag_Name_x", "web"), ($"{P}vpc_id", "vpc-1")),
                LabelSet.From(
                    ("__address__", "10.0.0.5:9100"), ($"{P}instance_id", "i-3"), ($"{P}instance_lifecycle", "spot"), ($"{P}platform", "windows"),
                    ($"{P}private_ip", "10.0.0.5"), ($"{P}region", "eu-west-2")),
            ],
            group.Targets);
        Assert.Contains("Filter.1.Name=tag%3aenv&Filter.1.Value.1=a&Filter.1.Value.2=b", forms[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ec2_without_the_right_to_see_zones_gives_instances_all_the_same()
    {
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            var zones = (await new StreamReader(context.Request.Body).ReadToEndAsync()).Contains("Zones", StringComparison.Ordinal);
            context.Response.StatusCode = zones ? 403 : 200;
            await context.Response.WriteAsync(zones ? "<Response/>" : """
                <DescribeInstancesResponse><reservationSet><item><instancesSet><item><privateIpAddress>10.0.0.5</privateIpAddress></item>
                </instancesSet></item></reservationSet></DescribeInstancesResponse>
                """);
        });
        await using var run = new DiscoveryRun(new Ec2DiscoveryOptions { Http = DiscoveryRun.Http, Access = Access(server.Url) });
        Assert.Equal(["10.0.0.5:80"], DiscoveryRun.Addresses(await run.NextAsync()));
    }

    [Fact]
    public async Task Lightsail_gives_instances_over_all_pages()
    {
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            Assert.Equal("Lightsail_20161128.GetInstances", context.Request.Headers["X-Amz-Target"]);
            var first = await new StreamReader(context.Request.Body).ReadToEndAsync() == "{}";
            await context.Response.WriteAsync(first ? """
                {"instances":[{"name":"n","blueprintId":"bp","bundleId":"bu","supportCode":"sc","state":{"name":"running"},
                  "location":{"availabilityZone":"eu-west-2a"},"privateIpAddress":"10.0.0.4","publicIpAddress":"54.1.2.3",
                  "ipv6Addresses":["2001:db8::1"],"tags":[{"key":"a-b","value":"c"},{"key":"only"}]}],"nextPageToken":"t"}
                """ : """{"instances":[{"privateIpAddress":"10.0.0.5"},{"name":"no address"}]}""");
        });
        await using var run = new DiscoveryRun(new LightsailDiscoveryOptions { Http = DiscoveryRun.Http, Access = Access(server.Url) });
        var targets = Assert.Single(await run.NextAsync()).Targets;
        const string P = "__meta_lightsail_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "10.0.0.4:80"), ($"{P}availability_zone", "eu-west-2a"), ($"{P}blueprint_id", "bp"), ($"{P}bundle_id", "bu"),
                ($"{P}instance_name", "n"), ($"{P}instance_state", "running"), ($"{P}instance_support_code", "sc"), ($"{P}private_ip", "10.0.0.4"),
                ($"{P}public_ip", "54.1.2.3"), ($"{P}region", "eu-west-2"), ($"{P}ipv6_addresses", ",2001:db8::1,"), ($"{P}tag_a_b", "c")),
            targets[0]);
        Assert.Equal(2, targets.Count);
    }

    private static AwsAccess Access(string url) =>
        new(new Uri(url), _ => Task.FromResult("eu-west-2"), _ => throw new InvalidOperationException(), url);

    private static OpenStackDiscoveryOptions OpenStack(string url, OpenStackRole role) => new()
    {
        Http = DiscoveryRun.Http, Role = role, IdentityEndpoint = $"{url}/identity", Region = "RegionOne",
        Login = new OpenStackLogin { Username = "user", Password = Secret.Inline("pw"), DomainName = "default", ProjectName = "project" },
    };

    private static async Task<HttpDouble> OpenStackAsync(Action<string> login, Func<string, string?> json)
    {
        var url = "";
        var server = await HttpDouble.StartAsync(async context =>
        {
            if (context.Request.Path == "/identity/v3/auth/tokens")
            {
                login(await new StreamReader(context.Request.Body).ReadToEndAsync());
                context.Response.StatusCode = StatusCodes.Status201Created;
                context.Response.Headers["X-Subject-Token"] = "tok";
                string Service(string type, string path) => $"{{\"type\":\"{type}\",\"endpoints\":["
                    + "{\"interface\":\"public\",\"region\":\"Other\",\"url\":\"http://wrong\"},"
                    + $"{{\"interface\":\"public\",\"region\":\"RegionOne\",\"url\":\"{url}{path}\"}}]}}";
                await context.Response.WriteAsync("{\"token\":{\"catalog\":["
                    + $"{Service("compute", "/compute")},{Service("network", "/")},{Service("load-balancer", "")}]}}}}");
                return;
            }
            Assert.Equal("tok", context.Request.Headers["X-Auth-Token"]);
            if (json(context.Request.Path!) is { } body)
            {
                await context.Response.WriteAsync(body);
                return;
            }
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        url = server.Url;
        return server;
    }
}
