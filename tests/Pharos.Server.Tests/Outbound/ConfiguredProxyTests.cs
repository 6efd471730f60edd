using Pharos.Server.Outbound;

namespace Pharos.Server.Tests.Outbound;

public sealed class ConfiguredProxyTests
{
    [Theory]
    [InlineData("", "http://a/", false)]
    [InlineData("*", "http://a/", true)]
    [InlineData("example.com", "http://example.com/", true)]
    [InlineData("example.com", "http://sub.example.com/", true)]
    [InlineData(".example.com", "http://notexample.com/", false)]
    [InlineData("10.0.0.0/8, b", "http://10.1.2.3:90/", true)]
    [InlineData("10.0.0.0/8, b", "http://b/", true)]
    [InlineData("host:9090", "http://host:9090/", true)]
    [InlineData("host:9090", "http://host:9091/", false)]
    public void No_proxy_lists_hosts_domains_networks_and_ports(string noProxy, string url, bool bypassed)
    {
        Assert.Equal(bypassed, new ConfiguredProxy(new Uri("http://proxy:3128"), noProxy).IsBypassed(new Uri(url)));
    }
}
