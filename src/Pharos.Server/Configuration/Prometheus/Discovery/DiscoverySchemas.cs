namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Every discovery mechanism of Prometheus 3 with its keys (prometheus.io/docs/prometheus/latest/configuration).</summary>
internal static class DiscoverySchemas
{
    private const string Aws = "endpoint region access_key secret_key profile role_arn external_id refresh_interval port";

    public static readonly IReadOnlyList<DiscoverySchema> All =
    [
        new("aws", $"role filters clusters request_concurrency {Aws}")
            { OneOf = [("role", "ec2 ecs lightsail msk rds elasticache")], Check = DiscoveryChecks.Ec2Filters },
        new("azure", "environment port subscription_id tenant_id client_id client_secret refresh_interval " +
            "authentication_method resource_group")
            { Required = "subscription_id", OneOf = [("authentication_method", "OAuth ManagedIdentity SDK WorkloadIdentity")], Check = DiscoveryChecks.Azure },
        new("consul", "server path_prefix token datacenter namespace partition tag_separator scheme username password " +
            "allow_stale refresh_interval services tags node_meta filter health_filter") { Options = ConsulDiscoverySection.Read },
        new("digitalocean", "role port refresh_interval"),
        new("dns", "names refresh_interval type port")
            { HasHttpKeys = false, Required = "names", OneOf = [("type", "A AAAA MX NS SRV")], Check = DiscoveryChecks.Dns,
                Options = DnsDiscoverySection.Read },
        new("docker", "host filters host_networking_host match_first_network port refresh_interval")
            { Required = "host", Options = DockerDiscoverySection.Read },
        new("dockerswarm", "host filters role port refresh_interval")
            { Required = "host role", OneOf = [("role", "services tasks nodes")], Options = DockerDiscoverySection.ReadSwarm },
        new("ec2", $"filters {Aws}") { Check = DiscoveryChecks.Ec2Filters },
        new("ecs", $"clusters request_concurrency {Aws}"),
        new("elasticache", $"clusters request_concurrency {Aws}"),
        new("eureka", "server refresh_interval") { Required = "server", Check = map => DiscoveryChecks.Url(map, "server") },
        new("file", "files refresh_interval") { HasHttpKeys = false, Options = entry => FileDiscoverySection.Read(entry.Map) },
        new("gce", "project zone filter refresh_interval port tag_separator") { HasHttpKeys = false, Required = "project zone" },
        new("hetzner", "role port refresh_interval label_selector") { Required = "role", OneOf = [("role", "robot hcloud")] },
        new("http", "url refresh_interval") { Required = "url", Check = map => DiscoveryChecks.Url(map, "url"), Options = HttpDiscoverySection.Read },
        new("ionos", "datacenter_id port refresh_interval") { Required = "datacenter_id" },
        new("kubernetes", "api_server role kubeconfig_file namespaces selectors attach_metadata")
            { Required = "role", OneOf = [("role", "node pod service endpoints endpointslice ingress")], Check = KubernetesCheck.Run,
                Options = KubernetesDiscoverySection.Read },
        new("kuma", "server client_id refresh_interval fetch_timeout") { Required = "server" },
        new("lightsail", Aws),
        new("linode", "region port tag_separator refresh_interval"),
        new("marathon", "servers refresh_interval auth_token auth_token_file") { Required = "servers", Check = DiscoveryChecks.Marathon },
        new("msk", $"clusters request_concurrency {Aws}"),
        new("nerve", "servers paths timeout") { HasHttpKeys = false, Required = "servers paths" },
        new("nomad", "allow_stale namespace refresh_interval region server tag_separator") { Required = "server" },
        new("oci", "tenancy user fingerprint key_file key key_passphrase region compartments auth authentication_method port refresh_interval")
            { OneOf = [("auth", "api_key instance_principal resource_principal workload_identity"),
                ("authentication_method", "api_key instance_principal resource_principal workload_identity")] },
        new("openstack", "role region identity_endpoint username userid password domain_name domain_id project_name project_id " +
            "application_credential_name application_credential_id application_credential_secret all_tenants refresh_interval " +
            "port availability tls_config")
            { HasHttpKeys = false, Required = "role", OneOf = [("role", "instance hypervisor loadbalancer"), ("availability", "public admin internal")] },
        new("outscale", "region access_key secret_key secret_key_file endpoint port refresh_interval")
            { Required = "region access_key", Check = DiscoveryChecks.OneSecretKey },
        new("ovhcloud", "service endpoint application_key application_secret consumer_key refresh_interval")
            { HasHttpKeys = false, Required = "service application_key application_secret consumer_key", OneOf = [("service", "vps dedicated_server")] },
        new("puppetdb", "url query include_parameters port refresh_interval")
            { Required = "url query", Check = map => DiscoveryChecks.Url(map, "url") },
        new("rds", $"clusters filters request_concurrency {Aws}"),
        new("scaleway", "role project_id access_key secret_key secret_key_file zone name_filter tags_filter api_url port refresh_interval")
            { Required = "role project_id access_key", OneOf = [("role", "instance baremetal")], Check = DiscoveryChecks.OneSecretKey },
        new("serverset", "servers paths timeout") { HasHttpKeys = false, Required = "servers paths" },
        new("stackit", "project endpoint region service_account_key service_account_key_path private_key private_key_path " +
            "credentials_file_path port refresh_interval")
            { Check = map => DiscoveryChecks.Url(map, "endpoint") },
        new("triton", "account dns_suffix endpoint groups port role refresh_interval version tls_config")
            { HasHttpKeys = false, Required = "account dns_suffix endpoint", OneOf = [("role", "container cn")] },
        new("uyuni", "server username password entitlement separator refresh_interval") { Required = "server username password" },
        new("vultr", "port refresh_interval"),
    ];
}
