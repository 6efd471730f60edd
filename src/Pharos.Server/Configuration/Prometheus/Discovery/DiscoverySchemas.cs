namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Every discovery mechanism of Prometheus 3 with its keys (prometheus.io/docs/prometheus/latest/configuration).</summary>
internal static class DiscoverySchemas
{
    private const string OciMethods = "api_key instance_principal resource_principal workload_identity";
    private const string Aws = "endpoint region access_key secret_key profile role_arn external_id refresh_interval port";

    public static readonly IReadOnlyList<DiscoverySchema> All =
    [
        new("aws", $"role filters clusters request_concurrency {Aws}")
        {
            OneOf =
            [
                ("role", "ec2 ecs lightsail msk rds elasticache", "unknown AWS SD role {0}; must be one of ec2, ecs, lightsail, msk, rds, elasticache"),
            ],
            Check = DiscoveryChecks.Ec2Filters,
            Options = AwsDiscoverySections.ReadAny,
        },
        new("azure", "environment port subscription_id tenant_id client_id client_secret refresh_interval " +
            "authentication_method resource_group")
        {
            Required = [("subscription_id", "azure SD configuration requires a subscription_id")],
            OneOf =
            [
                ("authentication_method", "OAuth ManagedIdentity SDK WorkloadIdentity", "unknown authentication_type \"{0}\". " +
                    "Supported types are \"OAuth\", \"ManagedIdentity\" or \"SDK\", and \"WorkloadIdentity\""),
            ],
            Check = DiscoveryChecks.Azure,
        },
        new("consul", "server path_prefix token datacenter namespace partition tag_separator scheme username password " +
            "allow_stale refresh_interval services tags node_meta filter health_filter")
        {
            Options = ConsulDiscoverySection.Read,
        },
        new("digitalocean", "role port refresh_interval") { Options = CloudDiscoverySections.ReadDigitalOcean },
        new("dns", "names refresh_interval type port")
        {
            HasHttpKeys = false,
            Required = [("names", "DNS-SD config must contain at least one SRV record name")],
            OneOf = [("type", "A AAAA MX NS SRV", "invalid DNS-SD records type {0}")],
            Check = DiscoveryChecks.Dns,
            Options = DnsDiscoverySection.Read,
        },
        new("docker", "host filters host_networking_host match_first_network port refresh_interval")
        {
            Required = [("host", "host missing")],
            Options = DockerDiscoverySection.Read,
        },
        new("dockerswarm", "host filters role port refresh_interval")
        {
            Required = [("host", "host missing"), ("role", "role missing (one of: tasks, services, nodes)")],
            OneOf = [("role", "services tasks nodes", "invalid role {0}, expected tasks, services, or nodes")],
            Options = DockerDiscoverySection.ReadSwarm,
        },
        new("ec2", $"filters {Aws}") { Check = DiscoveryChecks.Ec2Filters, Options = AwsDiscoverySections.ReadEc2 },
        new("ecs", $"clusters request_concurrency {Aws}"),
        new("elasticache", $"clusters request_concurrency {Aws}"),
        new("eureka", "server refresh_interval")
        {
            Required = [("server", "eureka_sd: empty or null eureka server")],
            Check = DiscoveryChecks.Eureka,
            Options = CloudDiscoverySections.ReadEureka,
        },
        new("file", "files refresh_interval")
        {
            HasHttpKeys = false,
            Options = entry => FileDiscoverySection.Read(entry.Map),
        },
        new("gce", "project zone filter refresh_interval port tag_separator")
        {
            HasHttpKeys = false,
            Required =
            [
                ("project", "GCE SD configuration requires a project"),
                ("zone", "GCE SD configuration requires a zone"),
            ],
        },
        new("hetzner", "role port refresh_interval label_selector")
        {
            Required = [("role", "role missing (one of: robot, hcloud)")],
            OneOf = [("role", "robot hcloud", "unknown role \"{0}\" (one of: robot, hcloud)")],
            Options = CloudDiscoverySections.ReadHetzner,
        },
        new("http", "url refresh_interval")
        {
            Required = [("url", "URL is missing")],
            Check = map => DiscoveryChecks.Url(map, "url"),
            Options = HttpDiscoverySection.Read,
        },
        new("ionos", "datacenter_id port refresh_interval")
        {
            Required = [("datacenter_id", "datacenter id can't be empty")],
            Options = CloudDiscoverySections.ReadIonos,
        },
        new("kubernetes", "api_server role kubeconfig_file namespaces selectors attach_metadata")
        {
            Required = [("role", "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)")],
            OneOf =
            [
                ("role", "node pod service endpoints endpointslice ingress", "unknown Kubernetes SD role \"{0}\" " +
                    "(one of: pod, service, endpoints, endpointslice, node, ingress)"),
            ],
            Check = KubernetesCheck.Run,
            Options = KubernetesDiscoverySection.Read,
        },
        new("kuma", "server client_id refresh_interval fetch_timeout")
        {
            Required = [("server", "kuma SD server must not be empty")],
            Check = map => DiscoveryChecks.Url(map, "server"),
            Options = CloudDiscoverySections.ReadKuma,
        },
        new("lightsail", Aws) { Options = AwsDiscoverySections.ReadLightsail },
        new("linode", "region port tag_separator refresh_interval") { Options = CloudDiscoverySections.ReadLinode },
        new("marathon", "servers refresh_interval auth_token auth_token_file")
        {
            Check = DiscoveryChecks.Marathon,
            Options = CloudDiscoverySections.ReadMarathon,
        },
        new("msk", $"clusters request_concurrency {Aws}"),
        new("nerve", "servers paths timeout")
        {
            HasHttpKeys = false,
            Required =
            [
                ("servers", "nerve SD config must contain at least one Zookeeper server"),
                ("paths", "nerve SD config must contain at least one path"),
            ],
        },
        new("nomad", "allow_stale namespace refresh_interval region server tag_separator")
        {
            Required = [("server", "nomad SD configuration requires a server address")],
            Options = CloudDiscoverySections.ReadNomad,
        },
        new("oci", "tenancy user fingerprint key_file key key_passphrase region compartments auth authentication_method port refresh_interval")
        {
            OneOf =
            [
                ("auth", OciMethods, "invalid OCI SD auth \"{0}\", must be one of api_key, instance_principal, resource_principal, workload_identity"),
                ("authentication_method", OciMethods, "invalid OCI SD authentication_method \"{0}\""),
            ],
        },
        new("openstack", "role region identity_endpoint username userid password domain_name domain_id project_name project_id " +
            "application_credential_name application_credential_id application_credential_secret all_tenants refresh_interval " +
            "port availability tls_config")
        {
            HasHttpKeys = false,
            Required = [("role", "role missing (one of: instance, hypervisor, loadbalancer)")],
            OneOf =
            [
                ("role", "instance hypervisor loadbalancer", "unknown OpenStack SD role \"{0}\" (one of: instance, hypervisor, loadbalancer)"),
                ("availability", "public admin internal", "unknown availability {0}, must be one of admin, internal or public"),
            ],
            Options = OpenStackDiscoverySection.Read,
        },
        new("outscale", "region access_key secret_key secret_key_file endpoint port refresh_interval")
        {
            Required =
            [
                ("region", "outscale SD configuration requires a region"),
                ("access_key", "access_key is mandatory"),
            ],
            Check = DiscoveryChecks.OneSecretKey,
        },
        new("ovhcloud", "service endpoint application_key application_secret consumer_key refresh_interval")
        {
            HasHttpKeys = false,
            Required =
            [
                ("service", "service can not be empty"),
                ("application_key", "application key can not be empty"),
                ("application_secret", "application secret can not be empty"),
                ("consumer_key", "consumer key can not be empty"),
            ],
            OneOf = [("service", "vps dedicated_server", "unknown service: {0} (one of: vps, dedicated_server)")],
            Options = CloudDiscoverySections.ReadOvhCloud,
        },
        new("puppetdb", "url query include_parameters port refresh_interval")
        {
            Required = [("url", "URL is missing"), ("query", "query missing")],
            Check = map => DiscoveryChecks.Url(map, "url"),
            Options = CloudDiscoverySections.ReadPuppetDb,
        },
        new("rds", $"clusters filters request_concurrency {Aws}"),
        new("scaleway", "role project_id access_key secret_key secret_key_file zone name_filter tags_filter api_url port refresh_interval")
        {
            Required =
            [
                ("role", "role missing (one of: instance, baremetal)"),
                ("project_id", "project_id is mandatory"),
                ("access_key", "access_key is mandatory"),
            ],
            OneOf = [("role", "instance baremetal", "unknown role \"{0}\" (one of: instance, baremetal)")],
            Check = DiscoveryChecks.OneSecretKey,
            Options = CloudDiscoverySections.ReadScaleway,
        },
        new("serverset", "servers paths timeout")
        {
            HasHttpKeys = false,
            Required =
            [
                ("servers", "serverset SD config must contain at least one Zookeeper server"),
                ("paths", "serverset SD config must contain at least one path"),
            ],
        },
        new("stackit", "project endpoint region service_account_key service_account_key_path private_key private_key_path " +
            "credentials_file_path port refresh_interval")
        {
            Check = DiscoveryChecks.Stackit,
        },
        new("triton", "account dns_suffix endpoint groups port role refresh_interval version tls_config")
        {
            HasHttpKeys = false,
            Required =
            [
                ("account", "triton SD configuration requires an account"),
                ("dns_suffix", "triton SD configuration requires a dns_suffix"),
                ("endpoint", "triton SD configuration requires an endpoint"),
            ],
            OneOf = [("role", "container cn", "triton SD configuration requires role to be 'container' or 'cn', not {0}")],
            Options = CloudDiscoverySections.ReadTriton,
        },
        new("uyuni", "server username password entitlement separator refresh_interval")
        {
            Required =
            [
                ("server", "Uyuni SD configuration requires server host"),
                ("username", "Uyuni SD configuration requires a username"),
                ("password", "Uyuni SD configuration requires a password"),
            ],
            Options = CloudDiscoverySections.ReadUyuni,
        },
        new("vultr", "port refresh_interval") { Options = CloudDiscoverySections.ReadVultr },
    ];
}
