using Pharos.Collection.Discovery;
using Pharos.Collection.Discovery.OpenStack;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads one entry of <c>openstack_sd_configs</c>.</summary>
internal static class OpenStackDiscoverySection
{
    public static DiscoveryOptions Read(DiscoveryEntry entry)
    {
        var map = entry.Map;
        var tls = map.Mapping("tls_config") is { } section ? TlsSection.Read(section) : TlsConfig.Default;
        var identity = map.Text("identity_endpoint");
        var login = identity.Length > 0 ? ReadLogin(map) : FromEnvironment(entry.Environment);
        if (identity.Length == 0)
        {
            identity = entry.Environment.Variable("OS_AUTH_URL") ?? "";
        }
        var options = new OpenStackDiscoveryOptions
        {
            Http = DiscoveryEntry.Client(HttpClientConfig.Default with { Tls = tls }),
            Role = map.Text("role") switch
            {
                "hypervisor" => OpenStackRole.Hypervisor,
                "loadbalancer" => OpenStackRole.LoadBalancer,
                _ => OpenStackRole.Instance,
            },
            IdentityEndpoint = identity,
            Login = login,
            Region = map.Text("region"),
            Availability = map.Text("availability", "public"),
            AllTenants = map.Flag("all_tenants"),
            Port = entry.Port(80),
            RefreshInterval = entry.Refresh(60),
        };
        return identity.Length > 0 ? options : new UnavailableDiscoveryOptions("openstack",
            "neither identity_endpoint nor the environment variable OS_AUTH_URL says where to log in");
    }

    private static OpenStackLogin ReadLogin(YamlMappingReader map) => new()
    {
        Username = map.Text("username"),
        UserId = map.Text("userid"),
        Password = map.InlineSecret("password"),
        DomainName = map.Text("domain_name"),
        DomainId = map.Text("domain_id"),
        ProjectName = map.Text("project_name"),
        ProjectId = map.Text("project_id"),
        ApplicationCredentialName = map.Text("application_credential_name"),
        ApplicationCredentialId = map.Text("application_credential_id"),
        ApplicationCredentialSecret = map.InlineSecret("application_credential_secret"),
    };

    /// <summary>By the names that OpenStack's own clients use.</summary>
    private static OpenStackLogin FromEnvironment(ConfigEnvironment environment)
    {
        string Variable(string name) => environment.Variable(name) ?? "";
        return new OpenStackLogin
        {
            Username = Variable("OS_USERNAME"),
            UserId = Variable("OS_USERID"),
            Password = Secret.Inline(Variable("OS_PASSWORD")),
            DomainName = Variable("OS_DOMAIN_NAME"),
            DomainId = Variable("OS_DOMAIN_ID"),
            ProjectName = Variable("OS_PROJECT_NAME") is { Length: > 0 } name ? name : Variable("OS_TENANT_NAME"),
            ProjectId = Variable("OS_PROJECT_ID") is { Length: > 0 } id ? id : Variable("OS_TENANT_ID"),
            ApplicationCredentialName = Variable("OS_APPLICATION_CREDENTIAL_NAME"),
            ApplicationCredentialId = Variable("OS_APPLICATION_CREDENTIAL_ID"),
            ApplicationCredentialSecret = Secret.Inline(Variable("OS_APPLICATION_CREDENTIAL_SECRET")),
        };
    }
}
