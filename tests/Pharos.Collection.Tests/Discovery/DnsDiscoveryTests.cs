using Pharos.Collection.Discovery.Dns;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery;

public sealed class DnsDiscoveryTests : IDisposable
{
    private readonly DnsDouble _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Srv_records_carry_target_and_port()
    {
        _server.Add("_web._tcp.example.com.", DnsDouble.Srv("a.example.com.", 9100), DnsDouble.Srv("b.example.com.", 9200));
        await using var run = new DiscoveryRun(Options(DnsRecordType.Srv, 0, "_web._tcp.example.com."));
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("_web._tcp.example.com.", group.Source);
        Assert.Equal(
        [
            LabelSet.From(("__address__", "a.example.com:9100"), ("__meta_dns_name", "_web._tcp.example.com."),
                ("__meta_dns_srv_record_target", "a.example.com."), ("__meta_dns_srv_record_port", "9100")),
            LabelSet.From(("__address__", "b.example.com:9200"), ("__meta_dns_name", "_web._tcp.example.com."),
                ("__meta_dns_srv_record_target", "b.example.com."), ("__meta_dns_srv_record_port", "9200")),
        ], DiscoveryRun.Flat([group]));
    }

    [Fact]
    public async Task Other_records_take_the_port_of_the_configuration()
    {
        _server.Add("four.test.", DnsDouble.A("10.0.0.1"), DnsDouble.A("10.0.0.2"));
        await using var four = new DiscoveryRun(Options(DnsRecordType.A, 80, "four.test."));
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], DiscoveryRun.Addresses(await four.NextAsync()));

        _server.Add("six.test.", DnsDouble.Aaaa("fe80::1"));
        await using var six = new DiscoveryRun(Options(DnsRecordType.Aaaa, 80, "six.test."));
        Assert.Equal(["[fe80::1]:80"], DiscoveryRun.Addresses(await six.NextAsync()));

        _server.Add("mail.test.", DnsDouble.Mx("mx1.test."));
        await using var mail = new DiscoveryRun(Options(DnsRecordType.Mx, 25, "mail.test."));
        var exchange = Assert.Single(DiscoveryRun.Flat(await mail.NextAsync()));
        Assert.Equal(("mx1.test:25", "mx1.test."), (exchange["__address__"], exchange["__meta_dns_mx_record_target"]));

        _server.Add("zone.test.", DnsDouble.Ns("ns1.test."));
        await using var zone = new DiscoveryRun(Options(DnsRecordType.Ns, 53, "zone.test."));
        var server = Assert.Single(DiscoveryRun.Flat(await zone.NextAsync()));
        Assert.Equal(("ns1.test:53", "ns1.test."), (server["__address__"], server["__meta_dns_ns_record_target"]));
    }

    [Fact]
    public async Task A_cut_answer_is_asked_for_again_over_tcp()
    {
        _server.Truncates = true;
        _server.Add("four.test.", DnsDouble.A("10.0.0.1"));
        await using var run = new DiscoveryRun(Options(DnsRecordType.A, 80, "four.test."));
        Assert.Equal(["10.0.0.1:80"], DiscoveryRun.Addresses(await run.NextAsync()));
        Assert.Equal(1, _server.TcpQueries);
    }

    [Fact]
    public async Task The_search_list_is_tried_for_short_names()
    {
        _server.Add("db.second.test.", DnsDouble.A("10.0.0.7"));
        await using var run = new DiscoveryRun(Options(DnsRecordType.A, 80, "db"));
        Assert.Equal(["10.0.0.7:80"], DiscoveryRun.Addresses(await run.NextAsync()));
        Assert.Equal(["db.first.test.", "db.second.test."], _server.Asked);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_has_no_targets_and_a_failing_server_keeps_the_last_ones()
    {
        _server.Add("a.test.", DnsDouble.A("10.0.0.1"));
        await using var run = new DiscoveryRun(Options(DnsRecordType.A, 80, "a.test.", "gone.test.") with
        {
            RefreshInterval = TimeSpan.FromMilliseconds(300),
        });
        var groups = await run.NextAsync();
        Assert.Equal([1, 0], groups.Select(group => group.Targets.Count));

        _server.Fail("a.test.", code: 2);
        await run.ErrorAsync();
        Assert.Contains(run.Logger.Lines, line => line.Text.Contains("ServerFailure", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["10.0.0.1:80"], DiscoveryRun.Addresses(await run.NextAsync()));
    }

    [Fact]
    public void The_resolver_file_is_read_as_the_system_reads_it()
    {
        var config = ResolverConfig.Parse(
            ["# comment", "nameserver 10.0.0.1", "nameserver fe80::1", "search a.test b.test", "options ndots:2 timeout:3 attempts:1"]);
        Assert.Equal(["10.0.0.1:53", "[fe80::1]:53"], config.Servers.Select(server => server.ToString()));
        Assert.Equal((2, 3, 1), (config.Ndots, (int)config.Timeout.TotalSeconds, config.Attempts));
        Assert.Equal(["x.y.a.test.", "x.y.b.test.", "x.y."], config.Candidates("x.y"));
        Assert.Equal(["x.y.z.", "x.y.z.a.test.", "x.y.z.b.test."], config.Candidates("x.y.z"));
        Assert.Equal(["x."], config.Candidates("x."));
    }

    private DnsDiscoveryOptions Options(DnsRecordType type, int port, params string[] names) =>
        new(names, type, port, TimeSpan.FromSeconds(30))
        {
            Resolver = () => new ResolverConfig([_server.Address], ["first.test", "second.test"], 1, TimeSpan.FromSeconds(2), 1),
        };
}
