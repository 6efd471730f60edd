using Pharos.Server.Forwarding;
using Pharos.Server.Tests.Configuration;
using Pharos.Collection.Discovery;

namespace Pharos.Server.Tests.Forwarding;

public sealed class AlertmanagerAddressesTests
{
    [Theory]
    [InlineData("static_configs: [{targets: ['am:9093', 'am:9093']}]", "http://am:9093/api/v2/alerts")]
    [InlineData("scheme: https, path_prefix: //a/./b/../c/, static_configs: [{targets: ['am']}]", "https://am/a/c/api/v2/alerts")]
    [InlineData("path_prefix: am, static_configs: [{targets: ['[::1]:9093']}]", "http://[::1]:9093/am/api/v2/alerts")]
    [InlineData(
        "static_configs: [{targets: ['a:1'], labels: {__scheme__: https, __alerts_path__: /x}}]", "https://a:1/x")]
    [InlineData(
        "static_configs: [{targets: ['a:1']}], relabel_configs: [{target_label: __address__, replacement: 'b:2'}]", "http://b:2/api/v2/alerts")]
    public void Of_joins_scheme_address_and_path(string entry, string expected) => Assert.Equal([expected], Of(entry).Active);

    [Fact]
    public void Of_tells_what_relabeling_drops()
    {
        var found = Of("static_configs: [{targets: ['a:1', 'b:2']}], relabel_configs: [{source_labels: [__address__], regex: 'b.*', action: drop}]");
        Assert.Equal(["http://a:1/api/v2/alerts"], found.Active);
        Assert.Equal(["http://b:2/api/v2/alerts"], found.Dropped);
    }

    [Fact]
    public void A_group_with_an_address_that_is_a_path_is_left_out_whole()
    {
        var found = Of("static_configs: [{targets: ['a:1']}, {targets: ['b:2', 'c:3']}], relabel_configs: "
            + "[{source_labels: [__address__], regex: 'c:3', target_label: __address__, replacement: 'http://c:3/'}]");
        Assert.Equal(["http://a:1/api/v2/alerts"], found.Active);
        Assert.Equal(["\"http://c:3/\" is not a valid hostname"], found.Faults);
    }

    private static AlertmanagerAddresses Of(string entry)
    {
        var read = ConfigFiles.Prometheus($"alerting: {{alertmanagers: [{{{entry}}}]}}\n");
        var set = Assert.Single(read.Config!.Alertmanagers);
        return AlertmanagerAddresses.Of(set, ((StaticDiscoveryOptions)Assert.Single(set.Discoveries)).Groups);
    }
}
