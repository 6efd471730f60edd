using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Uyuni;

/// <summary>One target per endpoint of a system.</summary>
internal sealed class UyuniTargetSource(UyuniDiscoveryOptions options, TimeProvider time) : ITargetSource
{
    private const string Prefix = "__meta_uyuni_";
    private const long TokenSeconds = 600;

    private readonly DiscoveryClient _client = new(options.Http);
    private readonly string _url = $"{options.Server}/rpc/api";
    private string _token = "";
    private DateTimeOffset _loginAgain = DateTimeOffset.MinValue;

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        if (time.GetUtcNow() >= _loginAgain)
        {
            _token = (await CallAsync("auth.login", [options.Username, options.Password.Reveal(), TokenSeconds], cancellation)
                .ConfigureAwait(false)).Value.Trim();
            _loginAgain = time.GetUtcNow().AddSeconds(TokenSeconds / 2.0);
        }
        try
        {
            return [new TargetGroup(_url, await TargetsAsync(cancellation).ConfigureAwait(false), LabelSet.Empty)];
        }
        catch
        {
            _loginAgain = DateTimeOffset.MinValue;
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<List<LabelSet>> TargetsAsync(CancellationToken cancellation)
    {
        var groups = XmlRpc.Items(await CallAsync(
            "system.listSystemGroupsForSystemsWithEntitlement", [_token, options.Entitlement], cancellation).ConfigureAwait(false))
            .GroupBy(system => XmlRpc.Text(system, "id"), StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        var ids = groups.Keys.Select(id => long.Parse(id, CultureInfo.InvariantCulture)).ToList();
        var endpoints = XmlRpc.Items(await CallAsync(
            "system.monitoring.listEndpoints", [_token, ids], cancellation).ConfigureAwait(false)).ToList();
        var networks = XmlRpc.Items(await CallAsync("system.getNetworkForSystems", [_token, ids], cancellation).ConfigureAwait(false))
            .GroupBy(network => XmlRpc.Text(network, "system_id"), StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        return [.. endpoints.Select(endpoint => Target(endpoint, groups, networks))];
    }

    private LabelSet Target(XElement endpoint, Dictionary<string, XElement> groups, Dictionary<string, XElement> networks)
    {
        var id = XmlRpc.Text(endpoint, "system_id");
        var network = networks.GetValueOrDefault(id) ?? new XElement("value");
        var host = XmlRpc.Text(network, "hostname");
        var names = groups.TryGetValue(id, out var system) && XmlRpc.Member(system, "system_groups") is { } list
            ? XmlRpc.Items(list).Select(group => XmlRpc.Text(group, "name")) : [];
        return new LabelSetBuilder()
            .Set(TargetGroup.AddressLabel, $"{host}:{XmlRpc.Text(endpoint, "port")}")
            .Set($"{Prefix}minion_hostname", host)
            .Set($"{Prefix}primary_fqdn", XmlRpc.Text(network, "primary_fqdn"))
            .Set($"{Prefix}system_id", id)
            .Set($"{Prefix}groups", string.Join(options.Separator, names))
            .Set($"{Prefix}endpoint_name", XmlRpc.Text(endpoint, "endpoint_name"))
            .Set($"{Prefix}exporter", XmlRpc.Text(endpoint, "exporter_name"))
            .Set($"{Prefix}proxy_module", XmlRpc.Text(endpoint, "module"))
            .Set($"{Prefix}metrics_path", XmlRpc.Text(endpoint, "path"))
            .Set($"{Prefix}scheme", XmlRpc.Text(endpoint, "tls_enabled") == "1" ? "https" : "http")
            .Build();
    }

    private async Task<XElement> CallAsync(string method, object[] parameters, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url)
        {
            Content = new StringContent(XmlRpc.Call(method, parameters), Encoding.UTF8, "text/xml"),
        };
        return XmlRpc.Answer(await _client.SendForXmlAsync(request, cancellation).ConfigureAwait(false));
    }
}
