using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Nomad;

/// <summary>One target per instance of a service.</summary>
internal sealed class NomadTargetSource(NomadDiscoveryOptions options, DiscoveryMetrics metrics) : ITargetSource
{
    private const string Prefix = "__meta_nomad_";

    private readonly DiscoveryClient _client = new(options.Http);
    private readonly string _query = $"?namespace={Uri.EscapeDataString(options.Namespace)}&region={Uri.EscapeDataString(options.Region)}"
        + (options.AllowStale ? "&stale=" : "");

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        try
        {
            var targets = new List<LabelSet>();
            using var list = await _client.GetAsync($"{options.Server}/v1/services{_query}", cancellation).ConfigureAwait(false);
            foreach (var service in list.RootElement.RequiredItems().SelectMany(stub => stub.Items("Services")))
            {
                var name = Uri.EscapeDataString(service.Text("ServiceName"));
                using var instances = await _client.GetAsync(
                    $"{options.Server}/v1/service/{name}{_query}", cancellation).ConfigureAwait(false);
                targets.AddRange(instances.RootElement.RequiredItems().Select(Target));
            }
            return [new TargetGroup("Nomad", targets, LabelSet.Empty)];
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            metrics.NomadFailures.Add(1);
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private LabelSet Target(JsonElement instance)
    {
        var tags = instance.Items("Tags").Select(tag => tag.Text()).ToList();
        return new LabelSetBuilder()
            .SetAddress(instance.Text("Address"), instance.Get("Port").Number())
            .Set($"{Prefix}address", instance.Text("Address"))
            .Set($"{Prefix}dc", instance.Text("Datacenter"))
            .Set($"{Prefix}node_id", instance.Text("NodeID"))
            .Set($"{Prefix}namespace", instance.Text("Namespace"))
            .Set($"{Prefix}service_address", instance.Text("Address"))
            .Set($"{Prefix}service_id", instance.Text("ID"))
            .Set($"{Prefix}service_port", instance.Text("Port"))
            .Set($"{Prefix}service", instance.Text("ServiceName"))
            .Set($"{Prefix}tags", tags.Count == 0 ? "" : MetaLabels.Joined(tags, options.TagSeparator))
            .Build();
    }
}
