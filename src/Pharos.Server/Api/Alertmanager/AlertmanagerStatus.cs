using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pharos.Alerting.Cluster;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Alertmanager;

/// <summary><c>GET /api/v2/status</c>.</summary>
/// <param name="cluster">The nodes that share this one's state, or null.</param>
/// <param name="configText">The configuration in effect with its secrets hidden.</param>
internal sealed class AlertmanagerStatus(Func<ClusterSnapshot?> cluster, Func<string> configText, DateTimeOffset startedAt)
{
    public Task AnswerAsync(HttpContext context) => AlertmanagerReply.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        WriteCluster(json, cluster());
        json.WriteStartObject("config");
        json.WriteString("original", configText());
        json.WriteEndObject();
        json.WriteString("uptime", JsonForms.Rfc3339Milliseconds(startedAt));
        json.WriteStartObject("versionInfo");
        ServerVersion.WriteFields(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteCluster(Utf8JsonWriter json, ClusterSnapshot? cluster)
    {
        json.WriteStartObject("cluster");
        if (cluster is not null)
        {
            json.WriteString("name", cluster.Name);
        }
        json.WriteStartArray("peers");
        foreach (var peer in cluster?.Peers ?? [])
        {
            json.WriteStartObject();
            json.WriteString("address", peer.Address);
            json.WriteString("name", peer.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("status", cluster is null ? "disabled" : cluster.IsSettled ? "ready" : "settling");
        json.WriteEndObject();
    }
}
