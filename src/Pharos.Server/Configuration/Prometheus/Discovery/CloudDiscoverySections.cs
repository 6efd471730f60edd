using Pharos.Collection.Discovery;
using Pharos.Collection.Discovery.DigitalOcean;
using Pharos.Collection.Discovery.Eureka;
using Pharos.Collection.Discovery.Hetzner;
using Pharos.Collection.Discovery.Ionos;
using Pharos.Collection.Discovery.Kuma;
using Pharos.Collection.Discovery.Linode;
using Pharos.Collection.Discovery.Marathon;
using Pharos.Collection.Discovery.Nomad;
using Pharos.Collection.Discovery.OvhCloud;
using Pharos.Collection.Discovery.PuppetDb;
using Pharos.Collection.Discovery.Scaleway;
using Pharos.Collection.Discovery.Triton;
using Pharos.Collection.Discovery.Uyuni;
using Pharos.Collection.Discovery.Vultr;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads the entries of clouds and catalogs that list their machines over HTTP when they are asked.</summary>
internal static class CloudDiscoverySections
{
    public static DiscoveryOptions ReadDigitalOcean(DiscoveryEntry entry) => entry.Map.Text("role", "droplets") == "databases"
        ? new UnavailableDiscoveryOptions("digitalocean", "the role databases is not supported; droplets are")
        : new DigitalOceanDiscoveryOptions { Http = entry.Client(), Port = entry.Port(80), RefreshInterval = entry.Refresh(60) };

    public static DiscoveryOptions ReadEureka(DiscoveryEntry entry) => new EurekaDiscoveryOptions
    {
        Http = entry.Client(),
        Server = entry.Map.Text("server").TrimEnd('/'),
        RefreshInterval = entry.Refresh(30),
    };

    public static DiscoveryOptions ReadHetzner(DiscoveryEntry entry) => new HetznerDiscoveryOptions
    {
        Http = entry.Client(),
        Role = entry.Map.Text("role") == "robot" ? HetznerRole.Robot : HetznerRole.Cloud,
        LabelSelector = entry.Map.Text("label_selector"),
        Port = entry.Port(80),
        RefreshInterval = entry.Refresh(60),
    };

    public static DiscoveryOptions ReadIonos(DiscoveryEntry entry) => new IonosDiscoveryOptions
    {
        Http = entry.Client(),
        DatacenterId = entry.Map.Text("datacenter_id"),
        Port = entry.Port(80),
        RefreshInterval = entry.Refresh(60),
    };

    public static DiscoveryOptions ReadKuma(DiscoveryEntry entry)
    {
        var timeout = entry.Map.Duration("fetch_timeout");
        return new KumaDiscoveryOptions
        {
            Http = entry.Client(),
            Server = entry.Map.Text("server").TrimEnd('/'),
            ClientId = entry.Map.Text("client_id") is { Length: > 0 } id ? id : Environment.MachineName,
            FetchTimeout = timeout > TimeSpan.Zero ? timeout : KumaDiscoveryOptions.DefaultFetchTimeout,
            RefreshInterval = entry.Refresh(30),
        };
    }

    public static DiscoveryOptions ReadLinode(DiscoveryEntry entry) => new LinodeDiscoveryOptions
    {
        Http = entry.Client(),
        Region = entry.Map.Text("region"),
        TagSeparator = entry.Map.Text("tag_separator", ","),
        Port = entry.Port(80),
        RefreshInterval = entry.Refresh(60),
    };

    public static DiscoveryOptions ReadMarathon(DiscoveryEntry entry)
    {
        // DC/OS wants "token=" and no scheme in its Authorization header.
        var token = entry.Map.SecretOrFile("auth_token", "auth_token_file");
        var http = token is null ? entry.Http
            : entry.Http with { Headers = [.. entry.Http.Headers, KeyValuePair.Create("Authorization", token.After("token="))] };
        return new MarathonDiscoveryOptions
        {
            Http = DiscoveryEntry.Client(http),
            Servers = [.. entry.Map.Texts("servers").Select(server => server.TrimEnd('/'))],
            RefreshInterval = entry.Refresh(30),
        };
    }

    public static DiscoveryOptions ReadNomad(DiscoveryEntry entry)
    {
        var server = entry.Map.Text("server").Trim().TrimEnd('/');
        return new NomadDiscoveryOptions
        {
            Http = entry.Client(),
            Server = server.Contains("://", StringComparison.Ordinal) ? server : $"http://{server}",
            AllowStale = entry.Map.Flag("allow_stale", true),
            Namespace = entry.Map.Text("namespace", "default"),
            Region = entry.Map.Text("region", "global"),
            TagSeparator = entry.Map.Text("tag_separator", ","),
            RefreshInterval = entry.Refresh(60),
        };
    }

    public static DiscoveryOptions ReadOvhCloud(DiscoveryEntry entry)
    {
        var name = entry.Map.Text("endpoint", "ovh-eu");
        var endpoint = OvhCloudDiscoveryOptions.EndpointOf(name);
        entry.Map.ErrorUnless(endpoint is not null, "endpoint", $"unknown endpoint {YamlValue.Echo(name)}; give a name as ovh-eu, or a URL");
        return new OvhCloudDiscoveryOptions
        {
            Http = entry.Client(),
            Service = entry.Map.Text("service") == "vps" ? OvhCloudService.Vps : OvhCloudService.DedicatedServer,
            Endpoint = endpoint ?? "",
            ApplicationKey = entry.Map.Text("application_key"),
            ApplicationSecret = entry.Map.InlineSecret("application_secret") ?? Secret.Inline(""),
            ConsumerKey = entry.Map.InlineSecret("consumer_key") ?? Secret.Inline(""),
            RefreshInterval = entry.Refresh(60),
        };
    }

    public static DiscoveryOptions ReadPuppetDb(DiscoveryEntry entry) => new PuppetDbDiscoveryOptions
    {
        Http = entry.Client(),
        Url = entry.Map.Text("url"),
        Query = entry.Map.Text("query"),
        IncludeParameters = entry.Map.Flag("include_parameters"),
        Port = entry.Port(80),
        RefreshInterval = entry.Refresh(60),
    };

    public static DiscoveryOptions ReadScaleway(DiscoveryEntry entry)
    {
        entry.Map.Text("project_id");
        entry.Map.KeyOf("project_id")?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
            "every server that the secret key may see is a target, as in Prometheus");
        var key = entry.Map.SecretOrFile("secret_key", "secret_key_file") ?? Secret.Inline("");
        return new ScalewayDiscoveryOptions
        {
            Http = DiscoveryEntry.Client(entry.Http with { Headers = [.. entry.Http.Headers, KeyValuePair.Create("X-Auth-Token", key)] }),
            Role = entry.Map.Text("role") == "baremetal" ? ScalewayRole.Baremetal : ScalewayRole.Instance,
            ApiUrl = entry.Map.Text("api_url", "https://api.scaleway.com"),
            Zone = entry.Map.Text("zone", "fr-par-1"),
            NameFilter = entry.Map.Text("name_filter"),
            TagsFilter = entry.Map.Texts("tags_filter"),
            Port = entry.Port(80),
            RefreshInterval = entry.Refresh(60),
        };
    }

    public static DiscoveryOptions ReadTriton(DiscoveryEntry entry)
    {
        var tls = entry.Map.Mapping("tls_config") is { } section ? TlsSection.Read(section) : TlsConfig.Default;
        entry.Map.Text("account");
        entry.Map.KeyOf("account")?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
            "the account is the one of the client certificate, as in Prometheus");
        return new TritonDiscoveryOptions
        {
            Http = DiscoveryEntry.Client(HttpClientConfig.Default with { Tls = tls }),
            DnsSuffix = entry.Map.Text("dns_suffix"),
            Endpoint = entry.Map.Text("endpoint"),
            ComputeNodes = entry.Map.Text("role") == "cn",
            Groups = entry.Map.Texts("groups"),
            Version = entry.Map.Count("version", 1),
            Port = entry.Port(TritonDiscoveryOptions.DefaultPort),
            RefreshInterval = entry.Refresh(60),
        };
    }

    public static DiscoveryOptions ReadUyuni(DiscoveryEntry entry) => new UyuniDiscoveryOptions
    {
        Http = entry.Client(),
        Server = entry.Map.Text("server").TrimEnd('/'),
        Username = entry.Map.Text("username"),
        Password = entry.Map.InlineSecret("password") ?? Secret.Inline(""),
        Entitlement = entry.Map.Text("entitlement", "monitoring_entitled"),
        Separator = entry.Map.Text("separator", ","),
        RefreshInterval = entry.Refresh(60),
    };

    public static DiscoveryOptions ReadVultr(DiscoveryEntry entry) =>
        new VultrDiscoveryOptions { Http = entry.Client(), Port = entry.Port(80), RefreshInterval = entry.Refresh(60) };
}
