using Pharos.Server.Outbound;

namespace Pharos.Server.Tests.Outbound;

public sealed class ConfiguredProxyTests
{
    [Theory]
    [InlineData("x", "http://a/", false)]
    [InlineData("x", "http://localhost:9090/", true)]
    [InlineData("x", "http://127.0.0.3/", true)]
    [InlineData("x", "http://[::1]:1/", true)]
    [InlineData("*", "http://a/", true)]
    [InlineData("example.com", "http://example.com/", true)]
    [InlineData("example.com", "http://sub.Example.com/", true)]
    [InlineData(".example.com", "http://sub.example.com/", true)]
    [InlineData(".example.com", "http://example.com/", false)]
    [InlineData("*.example.com", "http://example.com/", false)]
    [InlineData("*.example.com", "http://sub.example.com/", true)]
    [InlineData(".example.com", "http://notexample.com/", false)]
    [InlineData("10.0.0.0/8, b", "http://10.1.2.3:90/", true)]
    [InlineData("10.0.0.0/8, b", "http://b/", true)]
    [InlineData("10.0.0.1", "http://10.0.0.1:99/", true)]
    [InlineData("10.0.0.1:80", "http://10.0.0.1:99/", false)]
    [InlineData("[2001:db8::1]:80", "http://[2001:db8::1]/", true)]
    [InlineData("2001:db8::1", "http://[2001:db8::1]:99/", true)]
    [InlineData("host:9090", "http://host:9090/", true)]
    [InlineData("host:9090", "http://host:9091/", false)]
    public void No_proxy_lists_hosts_domains_networks_and_ports(string noProxy, string url, bool bypassed) =>
        Assert.Equal(bypassed, Of(ProxyConfig.None with { Url = new Uri("http://proxy:3128"), NoProxy = noProxy })!.IsBypassed(new Uri(url)));

    [Fact]
    public void Without_a_list_even_this_machine_is_reached_through_the_proxy() =>
        Assert.False(Of(ProxyConfig.None with { Url = new Uri("http://proxy:3128") })!.IsBypassed(new Uri("http://localhost/")));

    [Fact]
    public void The_environment_names_a_proxy_for_each_scheme_and_the_exceptions()
    {
        var proxy = Of(ProxyConfig.None with { FromEnvironment = true },
            ("http_proxy", "plain:3128"), ("HTTPS_PROXY", "http://user:p%40ss@secure:3129"), ("no_proxy", "direct"))!;
        Assert.Equal(new Uri("http://plain:3128/"), proxy.GetProxy(new Uri("http://a/")));
        Assert.Equal(new Uri("http://user:p%40ss@secure:3129/"), proxy.GetProxy(new Uri("https://a/")));
        Assert.Equal("p@ss", proxy.GetCredential(new Uri("http://secure:3129/"), "Basic")!.Password);
        Assert.True(proxy.IsBypassed(new Uri("https://direct/")));
    }

    [Fact]
    public void An_environment_without_a_proxy_asks_for_none() =>
        Assert.True(Of(ProxyConfig.None with { FromEnvironment = true }, ("HTTPS_PROXY", "secure:3129"))!.IsBypassed(new Uri("http://a/")));

    private static ConfiguredProxy? Of(ProxyConfig config, params (string Name, string Value)[] variables) =>
        ConfiguredProxy.Of(config, name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
