using System.Net;
using System.Text.Json;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Discovery.Kuma;

/// <summary>One target per dataplane of an assignment. An answer without news keeps what was found last.</summary>
internal sealed class KumaTargetSource(KumaDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_kuma_";
    private const string TypeUrl = "type.googleapis.com/kuma.observability.v1.MonitoringAssignment";

    private readonly DiscoveryClient _client = new(options.Http);
    private readonly string _url = $"{options.Server}/v3/discovery:monitoringassignments"
        + $"?fetch-timeout={PrometheusDuration.Format(options.FetchTimeout)}";

    private IReadOnlyList<TargetGroup> _groups = [];
    private string _version = "";
    private string _nonce = "";

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = DiscoveryClient.JsonContent(WriteRequest) };
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await _client.Http.SendAsync(request, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return _groups;
        }
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"non 200 status '{(int)response.StatusCode}' response during xDS fetch", null, response.StatusCode);
        }
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
        var root = answer.RootElement;
        if (root.Text("typeUrl") is not TypeUrl and var type)
        {
            throw new FormatException($"received invalid typeURL for Kuma MADS v1 Resource: {type}");
        }
        _groups = [new TargetGroup("kuma", [.. root.Items("resources").SelectMany(Targets)], LabelSet.Empty)];
        (_version, _nonce) = (root.Text("versionInfo"), root.Text("nonce"));
        return _groups;
    }

    public void Dispose() => _client.Dispose();

    private void WriteRequest(Utf8JsonWriter json)
    {
        json.WriteString("versionInfo", _version);
        json.WriteStartObject("node");
        json.WriteString("id", options.ClientId);
        json.WriteEndObject();
        json.WriteString("typeUrl", TypeUrl);
        json.WriteString("responseNonce", _nonce);
    }

    private static IEnumerable<LabelSet> Targets(JsonElement assignment) => assignment.Items("targets").Select(target =>
    {
        var path = target.Get("metricsPath") is { ValueKind: JsonValueKind.String } camel ? camel.Text() : target.Text("metrics_path");
        return new LabelSetBuilder()
            .SetAll($"{Prefix}label_", target.Get("labels"))
            .SetAll($"{Prefix}label_", assignment.Get("labels"))
            .Set($"{Prefix}mesh", assignment.Text("mesh"))
            .Set($"{Prefix}service", assignment.Text("service"))
            .Set($"{Prefix}dataplane", target.Text("name"))
            .Set(TargetGroup.AddressLabel, target.Text("address"))
            .Set("instance", target.Text("name"))
            .Set("__scheme__", target.Text("scheme"))
            .Set("__metrics_path__", path)
            .Build();
    });
}
