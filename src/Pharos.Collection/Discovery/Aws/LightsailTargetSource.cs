using System.Net.Http.Headers;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Aws;

/// <summary>One target per instance of Lightsail, at its private address.</summary>
internal sealed class LightsailTargetSource(LightsailDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_lightsail_";
    private const string Separator = ",";
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var region = await options.Access.Region(cancellation).ConfigureAwait(false);
        var endpoint = options.Access.Endpoint ?? options.Access.EndpointOf(region);
        var targets = new List<LabelSet>();
        var token = "";
        for (var page = 0; page < MaxPages; page++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
            {
                Content = DiscoveryClient.JsonContent(json =>
                {
                    if (token.Length > 0)
                    {
                        json.WriteString("pageToken", token);
                    }
                }),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
            request.Headers.Add("X-Amz-Target", "Lightsail_20161128.GetInstances");
            using var answer = await _client.SendAsync(request, cancellation).ConfigureAwait(false);
            targets.AddRange(answer.RootElement.Items("instances")
                .Where(instance => instance.Text("privateIpAddress").Length > 0).Select(instance => Target(instance, region)));
            token = answer.RootElement.Text("nextPageToken");
            if (token.Length == 0)
            {
                break;
            }
        }
        return [new TargetGroup(region, targets, LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private LabelSet Target(JsonElement instance, string region)
    {
        var v6 = instance.Items("ipv6Addresses").Select(address => address.Text()).ToList();
        var labels = new LabelSetBuilder()
            .SetAddress(instance.Text("privateIpAddress"), options.Port)
            .Set($"{Prefix}availability_zone", instance.Text("location", "availabilityZone"))
            .Set($"{Prefix}blueprint_id", instance.Text("blueprintId"))
            .Set($"{Prefix}bundle_id", instance.Text("bundleId"))
            .Set($"{Prefix}instance_name", instance.Text("name"))
            .Set($"{Prefix}instance_state", instance.Text("state", "name"))
            .Set($"{Prefix}instance_support_code", instance.Text("supportCode"))
            .Set($"{Prefix}private_ip", instance.Text("privateIpAddress"))
            .Set($"{Prefix}public_ip", instance.Text("publicIpAddress"))
            .Set($"{Prefix}region", region)
            .Set($"{Prefix}ipv6_addresses", v6.Count == 0 ? "" : MetaLabels.Joined(v6, Separator));
        foreach (var tag in instance.Items("tags").Where(tag => tag.Get("value").IsPresent()))
        {
            labels.Set($"{Prefix}tag_{MetaLabels.Sanitize(tag.Text("key"))}", tag.Text("value"));
        }
        return labels.Build();
    }
}
