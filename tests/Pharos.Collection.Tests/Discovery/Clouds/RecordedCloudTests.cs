using Microsoft.AspNetCore.Http;
using Pharos.Collection.Discovery.Ionos;
using Pharos.Collection.Discovery.Linode;
using Pharos.Collection.Discovery.OvhCloud;
using Pharos.Collection.Discovery.PuppetDb;
using Pharos.Collection.Discovery.Scaleway;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery.Clouds;

/// <summary>Answers of real clouds, beside the checkout where they are present, with the targets that Prometheus makes of them.</summary>
public sealed class RecordedCloudTests
{
    private const string Recordings = "prometheus/discovery";

    [Fact]
    public async Task PuppetDb_gives_resources_with_their_parameters()
    {
        var recorded = Conformance.Require(Recordings, "puppetdb", "fixtures", "vhosts.json");
        string? query = null;
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            query = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.ContentType = "application/json";
            await context.Response.SendFileAsync(recorded);
        });
        await using var run = new DiscoveryRun(new PuppetDbDiscoveryOptions
        {
            Http = DiscoveryRun.Http, Url = $"{server.Url}/", Query = "vhosts", IncludeParameters = true,
        });
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("/pdb/query/v4", Assert.Single(server.Asked));
        Assert.Equal("""{"query":"vhosts"}""", query);
        Assert.Equal($"{server.Url}/pdb/query/v4?query=vhosts", group.Source);
        const string P = "__meta_puppetdb_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "edinburgh.example.com:80"), ($"{P}query", "vhosts"), ($"{P}certname", "edinburgh.example.com"),
                ($"{P}environment", "prod"), ($"{P}exported", "false"),
                ($"{P}file", "/etc/puppetlabs/code/environments/prod/modules/upstream/apache/manifests/init.pp"),
                ($"{P}parameter_access_log", "true"), ($"{P}parameter_access_log_file", "ssl_access_log"),
                ($"{P}parameter_buckets", "0,2,5"), ($"{P}parameter_coordinates", "60.13464726551357,-2.0513768021728893"),
                ($"{P}parameter_docroot", "/var/www/html"), ($"{P}parameter_ensure", "absent"),
                ($"{P}parameter_labels_alias", "edinburgh"), ($"{P}parameter_options", "Indexes,FollowSymLinks,MultiViews"),
                ($"{P}parameter_pi", "3.141592653589793"), ($"{P}parameter_port", "22"),
                ($"{P}resource", "49af83866dc5a1518968b68e58a25319107afe11"),
                ($"{P}tags", ",roles::hypervisor,apache,apache::vhost,class,default-ssl,profile_hypervisor,vhost,profile_apache,hypervisor,"
                    + "__node_regexp__edinburgh,roles,node,"),
                ($"{P}title", "default-ssl"), ($"{P}type", "Apache::Vhost")),
            Assert.Single(group.Targets));
    }

    [Fact]
    public async Task PuppetDb_answers_that_are_no_list_keep_the_targets()
    {
        await using var server = await HttpDouble.StartAsync(_ => "{}");
        await using var run = new DiscoveryRun(new PuppetDbDiscoveryOptions { Http = DiscoveryRun.Http, Url = server.Url, Query = "q" });
        Assert.Contains("expected a list", await run.ErrorAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scaleway_gives_instances_at_their_private_public_or_routed_address()
    {
        var recorded = Conformance.Require(Recordings, "scaleway", "testdata", "instance.json");
        await using var server = await HttpDouble.StartAsync(
            path => path == "/instance/v1/zones/fr-par-1/servers" ? File.ReadAllText(recorded) : null);
        await using var run = new DiscoveryRun(new ScalewayDiscoveryOptions
        {
            Http = DiscoveryRun.Http, Role = ScalewayRole.Instance, ApiUrl = server.Url, TagsFilter = ["a", "b"],
        });
        var targets = Assert.Single(await run.NextAsync()).Targets;
        Assert.Contains("tags=a%2Cb", Assert.Single(server.Asked), StringComparison.Ordinal);
        const string P = "__meta_scaleway_instance_";
        Assert.Equal(["10.70.60.57:80", "10.193.162.9:80", "51.158.183.115:80", "163.172.136.10:80"], targets.Select(target => target["__address__"]));
        Assert.Equal(
            LabelSet.From(
                ("__address__", "10.193.162.9:80"), ($"{P}boot_type", "local"), ($"{P}hostname", "scw-quizzical-feistel"),
                ($"{P}id", "5b6198b4-c677-41b5-9c05-04557264ae1f"), ($"{P}image_arch", "x86_64"),
                ($"{P}image_id", "71733b74-260f-4d0d-8f18-f37dcfa56d6f"), ($"{P}image_name", "Debian Buster"),
                ($"{P}location_cluster_id", "4"), ($"{P}location_hypervisor_id", "201"), ($"{P}location_node_id", "5"),
                ($"{P}name", "scw-quizzical-feistel"), ($"{P}organization_id", "cb334986-b054-4725-9d3a-40850fdc6015"),
                ($"{P}private_ipv4", "10.193.162.9"), ($"{P}project_id", "cb334986-b054-4725-9d5a-30850fdc6015"),
                ($"{P}public_ipv4", "151.115.45.127"), ($"{P}public_ipv6", "2001:bc8:1e00:6204::1"), ($"{P}region", "fr-par"),
                ($"{P}security_group_id", "d35dd210-8392-44dc-8854-121e419a0f56"), ($"{P}security_group_name", "Default security group"),
                ($"{P}status", "running"), ($"{P}type", "DEV1-S"), ($"{P}zone", "fr-par-1")),
            targets[1]);
        Assert.Equal(",51.158.183.115,", targets[2][$"{P}public_ipv4_addresses"]);
        Assert.Equal(",2001:bc8:1640:1568:dc00:ff:fe21:91b,", targets[2][$"{P}public_ipv6_addresses"]);
    }

    [Fact]
    public async Task Linode_gives_instances_with_all_their_addresses()
    {
        await using var server = await LinodeAsync("no_region_filter", "");
        await using var run = new DiscoveryRun(new LinodeDiscoveryOptions { Http = DiscoveryRun.Http, Server = server.Url });
        var targets = Assert.Single(await run.NextAsync()).Targets;
        Assert.Equal(["45.33.82.151:80", "139.162.196.43:80", "192.53.120.25:80", "66.228.47.103:80"], targets.Select(target => target["__address__"]));
        const string P = "__meta_linode_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "45.33.82.151:80"), ($"{P}instance_id", "26838044"), ($"{P}instance_label", "prometheus-linode-sd-exporter-1"),
                ($"{P}image", "linode/arch"), ($"{P}private_ipv4", "192.168.170.51"), ($"{P}public_ipv4", "45.33.82.151"),
                ($"{P}public_ipv6", "2600:3c03::f03c:92ff:fe1a:1382"), ($"{P}public_ipv4_rdns", "li1028-151.members.linode.com"),
                ($"{P}region", "us-east"), ($"{P}type", "g6-standard-2"), ($"{P}status", "running"), ($"{P}tags", ",monitoring,"),
                ($"{P}gpus", "0"), ($"{P}hypervisor", "kvm"), ($"{P}backups", "disabled"), ($"{P}specs_disk_bytes", "85899345920"),
                ($"{P}specs_memory_bytes", "4294967296"), ($"{P}specs_vcpus", "2"), ($"{P}specs_transfer_bytes", "4194304000"),
                ($"{P}extra_ips", ",96.126.108.16,192.168.201.25,")),
            targets[0]);
        Assert.Equal(",2600:3c03:e000:123::/64,", targets[3][$"{P}ipv6_ranges"]);
    }

    [Fact]
    public async Task Linode_is_asked_for_one_region()
    {
        await using var server = await LinodeAsync("ca-central", """{"region":"ca-central"}""");
        await using var run = new DiscoveryRun(new LinodeDiscoveryOptions { Http = DiscoveryRun.Http, Server = server.Url, Region = "ca-central" });
        var target = Assert.Single(Assert.Single(await run.NextAsync()).Targets);
        Assert.Equal("192.53.120.25:80", target["__address__"]);
        Assert.Equal(",2600:3c04:e001:456::/64,", target["__meta_linode_ipv6_ranges"]);
    }

    [Fact]
    public async Task OvhCloud_gives_dedicated_servers_and_signs_each_request()
    {
        var asked = new List<(string Path, string Signature, string Timestamp)>();
        await using var server = await OvhAsync("dedicated_server", asked);
        await using var run = new DiscoveryRun(Ovh(server.Url, OvhCloudService.DedicatedServer));
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("ovhcloud_dedicated_server", group.Source);
        const string P = "__meta_ovhcloud_dedicated_server_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "1.2.3.4"), ("instance", "abcde"), ($"{P}commercial_range", "Advance-1 Gen 2"), ($"{P}datacenter", "gra3"),
                ($"{P}ipv4", "1.2.3.4"), ($"{P}ipv6", "2001:db8::1"), ($"{P}link_speed", "123"), ($"{P}name", "abcde"),
                ($"{P}no_intervention", "false"), ($"{P}os", "debian11_64"), ($"{P}rack", "TESTRACK"), ($"{P}reverse", "abcde-rev"),
                ($"{P}server_id", "1234"), ($"{P}state", "test"), ($"{P}support_level", "pro")),
            Assert.Single(group.Targets));
        Assert.Equal(["/dedicated/server", "/dedicated/server/abcde", "/dedicated/server/abcde/ips"], asked.Select(each => each.Path));
        // The API's clock, not ours.
        Assert.All(asked, each => Assert.InRange(int.Parse(each.Timestamp, System.Globalization.CultureInfo.InvariantCulture), 1000, 1060));
        Assert.All(asked, each => Assert.Equal(OvhCloudApi.Signature("secret", "consumer", server.Url + each.Path, each.Timestamp), each.Signature));
    }

    [Fact]
    public async Task OvhCloud_gives_virtual_private_servers()
    {
        await using var server = await OvhAsync("vps", []);
        await using var run = new DiscoveryRun(Ovh(server.Url, OvhCloudService.Vps));
        const string P = "__meta_ovhcloud_vps_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "192.0.2.1"), ("instance", "abc"), ($"{P}ipv4", "192.0.2.1"), ($"{P}ipv6", "2001:db1::1"),
                ($"{P}cluster", "cluster_test"), ($"{P}datacenter", "[]"), ($"{P}disk", "40"), ($"{P}display_name", "abc"),
                ($"{P}maximum_additional_ip", "16"), ($"{P}memory", "2048"), ($"{P}memory_limit", "2048"), ($"{P}model_name", "vps-value-1-2-40"),
                ($"{P}model_vcore", "1"), ($"{P}name", "abc"), ($"{P}netboot_mode", "local"), ($"{P}offer", "VPS abc"), ($"{P}offer_type", "ssd"),
                ($"{P}state", "running"), ($"{P}vcore", "1"), ($"{P}version", "2019v1"), ($"{P}zone", "zone")),
            Assert.Single(Assert.Single(await run.NextAsync()).Targets));
    }

    [Fact]
    public async Task Ionos_gives_servers_that_have_an_address()
    {
        var recorded = Conformance.Require(Recordings, "ionos", "testdata", "servers.json");
        const string Datacenter = "8feda53f-15f0-447f-badf-ebe32dad2fc0";
        await using var server = await HttpDouble.StartAsync(
            path => path == $"/cloudapi/v6/datacenters/{Datacenter}/servers" ? File.ReadAllText(recorded) : null);
        await using var run = new DiscoveryRun(new IonosDiscoveryOptions { Http = DiscoveryRun.Http, Server = server.Url, DatacenterId = Datacenter });
        var targets = Assert.Single(await run.NextAsync()).Targets;
        Assert.Equal(["85.215.243.177:80", "85.215.248.84:80", "10.0.0.99:80"], targets.Select(target => target["__address__"]));
        const string P = "__meta_ionos_server_";
        Assert.Equal(
            LabelSet.From(
                ("__address__", "85.215.248.84:80"), ($"{P}availability_zone", "ZONE_1"),
                ($"{P}boot_cdrom_id", "0e4d57f9-cd78-11e9-b88c-525400f64d8d"), ($"{P}cpu_family", "INTEL_SKYLAKE"),
                ($"{P}id", "523415e6-ff8c-4dc0-86d3-09c256039b30"), ($"{P}ip", ",85.215.248.84,"),
                ($"{P}nic_ip_unnamed", ",85.215.248.84,"), ($"{P}lifecycle", "AVAILABLE"),
                ($"{P}name", "prometheus-1"), ($"{P}servers_id", $"{Datacenter}/servers"), ($"{P}state", "RUNNING"), ($"{P}type", "ENTERPRISE")),
            targets[1]);
        Assert.Equal(",85.215.243.177,185.56.150.9,85.215.238.118,", targets[0][$"{P}ip"]);
        Assert.Equal(",185.56.150.9,85.215.238.118,", targets[0][$"{P}nic_ip_unnamed"]);
        Assert.Equal(",85.215.243.177,", targets[0][$"{P}nic_ip_metrics"]);
    }

    private static Task<HttpDouble> LinodeAsync(string folder, string filter)
    {
        var root = Conformance.Require(Recordings, "linode", "testdata", folder);
        return HttpDouble.StartAsync(async context =>
        {
            Assert.Equal(filter, context.Request.Headers["X-Filter"].ToString());
            context.Response.ContentType = "application/json";
            await context.Response.SendFileAsync(root + context.Request.Path + ".json");
        });
    }

    private static Task<HttpDouble> OvhAsync(string service, List<(string, string, string)> asked)
    {
        var root = Conformance.Require(Recordings, "ovhcloud", "testdata", service);
        var (list, details, ips) = service == "vps" ? ("vps", "vps_details", "vps_abc_ips")
            : ("dedicated_servers", "dedicated_servers_details", "dedicated_servers_abcde_ips");
        return HttpDouble.StartAsync(async context =>
        {
            var path = context.Request.Path.Value!;
            context.Response.ContentType = "application/json";
            if (path == "/auth/time")
            {
                await context.Response.WriteAsync("1000");
                return;
            }
            asked.Add((path, context.Request.Headers["X-Ovh-Signature"].ToString(), context.Request.Headers["X-Ovh-Timestamp"].ToString()));
            var name = path.EndsWith("/ips", StringComparison.Ordinal) ? ips
                : path.EndsWith("/server", StringComparison.Ordinal) || path == "/vps" ? list : details;
            await context.Response.SendFileAsync(Path.Combine(root, $"{name}.json"));
        });
    }

    private static OvhCloudDiscoveryOptions Ovh(string url, OvhCloudService service) => new()
    {
        Http = DiscoveryRun.Http, Service = service, Endpoint = url, ApplicationKey = "application",
        ApplicationSecret = Secret.Inline("secret"), ConsumerKey = Secret.Inline("consumer"),
    };
}
