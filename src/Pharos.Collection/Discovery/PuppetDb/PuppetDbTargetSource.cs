using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.PuppetDb;

/// <summary>One target per resource, at the name of its certificate.</summary>
internal sealed class PuppetDbTargetSource(PuppetDbDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_puppetdb_";
    private const string Separator = ",";

    private readonly DiscoveryClient _client = new(options.Http);
    private readonly string _url = options.Url.TrimEnd('/') + "/pdb/query/v4";

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        using var answer = await _client.PostJsonAsync(
            _url, json => json.WriteString("query", options.Query), cancellation).ConfigureAwait(false);
        return [new TargetGroup($"{_url}?query={options.Query}", [.. answer.RootElement.RequiredItems().Select(Target)], LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private LabelSet Target(JsonElement resource)
    {
        var tags = resource.Items("tags").Select(tag => tag.Text()).ToList();
        var labels = new LabelSetBuilder()
            .SetAddress(resource.Text("certname"), options.Port)
            .Set($"{Prefix}query", options.Query)
            .Set($"{Prefix}certname", resource.Text("certname"))
            .Set($"{Prefix}resource", resource.Text("resource"))
            .Set($"{Prefix}type", resource.Text("type"))
            .Set($"{Prefix}title", resource.Text("title"))
            .Set($"{Prefix}exported", resource.Get("exported").IsTrue() ? "true" : "false")
            .Set($"{Prefix}tags", tags.Count == 0 ? "" : MetaLabels.Joined(tags, Separator))
            .Set($"{Prefix}file", resource.Text("file"))
            .Set($"{Prefix}environment", resource.Text("environment"));
        if (options.IncludeParameters)
        {
            AddParameters(labels, $"{Prefix}parameter_", resource.Get("parameters"));
        }
        return labels.Build();
    }

    /// <summary>Values as text, lists of values joined, mappings below their name; what is nested deeper in a list is left out.</summary>
    private static void AddParameters(LabelSetBuilder labels, string prefix, JsonElement parameters)
    {
        foreach (var parameter in parameters.Members())
        {
            var name = prefix + MetaLabels.Sanitize(parameter.Name);
            if (parameter.Value.ValueKind == JsonValueKind.Object)
            {
                AddParameters(labels, $"{name}_", parameter.Value);
            }
            else if (parameter.Value.ValueKind == JsonValueKind.Array)
            {
                labels.Set(name, string.Join(Separator, parameter.Value.Items()
                    .Where(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
                    .Select(item => item.Text())));
            }
            else
            {
                labels.Set(name, parameter.Value.Text());
            }
        }
    }
}
