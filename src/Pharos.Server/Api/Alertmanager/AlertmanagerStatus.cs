using Microsoft.AspNetCore.Http;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Alertmanager;

/// <summary><c>GET /api/v2/status</c>.</summary>
/// <param name="configText">The configuration in effect with its secrets hidden.</param>
internal sealed class AlertmanagerStatus(Func<string> configText, DateTimeOffset startedAt)
{
    public Task AnswerAsync(HttpContext context) => AlertmanagerReply.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("cluster");
        json.WriteStartArray("peers");
        json.WriteEndArray();
        json.WriteString("status", "disabled");
        json.WriteEndObject();
        json.WriteStartObject("config");
        json.WriteString("original", configText());
        json.WriteEndObject();
        json.WriteString("uptime", JsonForms.Rfc3339Milliseconds(startedAt));
        json.WriteStartObject("versionInfo");
        ServerVersion.WriteFields(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
