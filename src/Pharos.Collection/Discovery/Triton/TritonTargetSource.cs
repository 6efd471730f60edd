using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Triton;

/// <summary>One target per container or compute node, at a name below the DNS suffix.</summary>
internal sealed class TritonTargetSource(TritonDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_triton_";
    private const string Separator = ",";

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var root = $"https://{options.Endpoint}:{options.Port}/v{options.Version}";
        var source = options.ComputeNodes ? $"{root}/gz/discover" : $"{root}/discover";
        var query = options.Groups.Count == 0 || options.ComputeNodes ? ""
            : $"?groups={Uri.EscapeDataString(string.Join(',', options.Groups))}";
        using var answer = await _client.GetAsync(source + query, cancellation).ConfigureAwait(false);
        var targets = options.ComputeNodes ? answer.RootElement.Items("cns").Select(ComputeNode)
            : answer.RootElement.Items("containers").Select(Container);
        return [new TargetGroup(source + query, [.. targets], LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private LabelSet Container(JsonElement container)
    {
        var groups = container.Items("groups").Select(group => group.Text()).ToList();
        return new LabelSetBuilder()
            .SetAddress($"{container.Text("vm_uuid")}.{options.DnsSuffix}", options.Port)
            .Set($"{Prefix}machine_id", container.Text("vm_uuid"))
            .Set($"{Prefix}machine_alias", container.Text("vm_alias"))
            .Set($"{Prefix}machine_brand", container.Text("vm_brand"))
            .Set($"{Prefix}machine_image", container.Text("vm_image_uuid"))
            .Set($"{Prefix}server_id", container.Text("server_uuid"))
            .Set($"{Prefix}groups", groups.Count == 0 ? "" : MetaLabels.Joined(groups, Separator))
            .Build();
    }

    private LabelSet ComputeNode(JsonElement node) => new LabelSetBuilder()
        .SetAddress($"{node.Text("server_uuid")}.{options.DnsSuffix}", options.Port)
        .Set($"{Prefix}machine_id", node.Text("server_uuid"))
        .Set($"{Prefix}machine_alias", node.Text("server_hostname"))
        .Build();
}
