using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.OvhCloud;

/// <summary>One target per server, at its IPv4 address where it has one; the port is left to relabeling.</summary>
internal sealed class OvhCloudTargetSource(OvhCloudDiscoveryOptions options, DiscoveryContext context) : ITargetSource
{
    private readonly OvhCloudApi _api = new(options, context.Time);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var path = options.Service == OvhCloudService.Vps ? "/vps" : "/dedicated/server";
        var targets = new List<LabelSet>();
        using var names = await _api.GetAsync(path, cancellation).ConfigureAwait(false);
        foreach (var name in names.RootElement.RequiredItems().Select(name => name.Text()))
        {
            try
            {
                var own = $"{path}/{Uri.EscapeDataString(name)}";
                using var details = await _api.GetAsync(own, cancellation).ConfigureAwait(false);
                using var addresses = await _api.GetAsync($"{own}/ips", cancellation).ConfigureAwait(false);
                targets.Add(Target(details.RootElement, addresses.RootElement));
            }
            catch (HttpRequestException fault)
            {
                context.Logger.LogWarning("Job {Job}: could not get details of {Server}: {Reason}", context.Job, name, fault.Message);
            }
        }
        return [new TargetGroup($"ovhcloud_{(options.Service == OvhCloudService.Vps ? "vps" : "dedicated_server")}", targets, LabelSet.Empty)];
    }

    public void Dispose() => _api.Dispose();

    private LabelSet Target(JsonElement server, JsonElement addresses)
    {
        var (v4, v6) = ("", "");
        foreach (var text in addresses.Items().Select(address => address.Text()))
        {
            // As networks of one address: 192.0.2.1/32.
            if (!IPAddress.TryParse(text.Split('/')[0], out var ip))
            {
                throw new FormatException($"could not parse IP address {text}");
            }
            (v4, v6) = ip.AddressFamily == AddressFamily.InterNetwork ? (ip.ToString(), v6) : (v4, ip.ToString());
        }
        var labels = new LabelSetBuilder()
            .Set(TargetGroup.AddressLabel, v4.Length > 0 ? v4 : v6)
            .Set("instance", server.Text("name"));
        return (options.Service == OvhCloudService.Vps
            ? Vps(labels, "__meta_ovhcloud_vps_", server).Set("__meta_ovhcloud_vps_ipv4", v4).Set("__meta_ovhcloud_vps_ipv6", v6)
            : Dedicated(labels, "__meta_ovhcloud_dedicated_server_", server)
                .Set("__meta_ovhcloud_dedicated_server_ipv4", v4).Set("__meta_ovhcloud_dedicated_server_ipv6", v6)).Build();
    }

    private static LabelSetBuilder Vps(LabelSetBuilder labels, string prefix, JsonElement server)
    {
        var model = server.Get("model");
        return labels
            .Set($"{prefix}offer", model.Text("offer"))
            // A list as Go prints it.
            .Set($"{prefix}datacenter", $"[{string.Join(' ', model.Items("datacenter").Select(name => name.Text()))}]")
            .Set($"{prefix}model_vcore", Count(model.Get("vcore")))
            .Set($"{prefix}maximum_additional_ip", Count(model.Get("maximumAdditionnalIp")))
            .Set($"{prefix}version", model.Text("version"))
            .Set($"{prefix}model_name", model.Text("name"))
            .Set($"{prefix}disk", Count(model.Get("disk")))
            .Set($"{prefix}memory", Count(model.Get("memory")))
            .Set($"{prefix}zone", server.Text("zone"))
            .Set($"{prefix}display_name", server.Text("displayName"))
            .Set($"{prefix}cluster", server.Text("cluster"))
            .Set($"{prefix}state", server.Text("state"))
            .Set($"{prefix}name", server.Text("name"))
            .Set($"{prefix}netboot_mode", server.Text("netbootMode"))
            .Set($"{prefix}memory_limit", Count(server.Get("memoryLimit")))
            .Set($"{prefix}offer_type", server.Text("offerType"))
            .Set($"{prefix}vcore", Count(server.Get("vcore")));
    }

    private static LabelSetBuilder Dedicated(LabelSetBuilder labels, string prefix, JsonElement server) => labels
        .Set($"{prefix}state", server.Text("state"))
        .Set($"{prefix}commercial_range", server.Text("commercialRange"))
        .Set($"{prefix}link_speed", Count(server.Get("linkSpeed")))
        .Set($"{prefix}rack", server.Text("rack"))
        .Set($"{prefix}no_intervention", server.Get("noIntervention").IsTrue() ? "true" : "false")
        .Set($"{prefix}os", server.Text("os"))
        .Set($"{prefix}support_level", server.Text("supportLevel"))
        .Set($"{prefix}server_id", Count(server.Get("serverId")))
        .Set($"{prefix}reverse", server.Text("reverse"))
        .Set($"{prefix}datacenter", server.Text("datacenter"))
        .Set($"{prefix}name", server.Text("name"));

    private static string Count(JsonElement number) => number.Number().ToString(CultureInfo.InvariantCulture);
}
