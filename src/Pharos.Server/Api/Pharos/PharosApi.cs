using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Alerting.Notifications;
using Pharos.Server.Api.Alertmanager;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Pharos;

/// <summary>What the web interface asks for beyond the peers' APIs: this server, and what it has told whom.</summary>
internal sealed class PharosApi(bool demo, NotificationHistory history, Func<IReadOnlyList<string>> warnings)
{
    private const int MaxShown = 500;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/pharos/info", ["GET"], (RequestDelegate)ServerAsync);
        routes.MapMethods("/api/pharos/notifications", ["GET"], (RequestDelegate)NotificationsAsync);
    }

    private Task ServerAsync(HttpContext context) => AlertmanagerReply.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("version", ServerVersion.Number);
        json.WriteBoolean("demo", demo);
        JsonForms.WriteStrings(json, "warnings", warnings());
        json.WriteEndObject();
    });

    /// <summary>The newest first.</summary>
    private Task NotificationsAsync(HttpContext context) => AlertmanagerReply.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("notifications");
        foreach (var record in history.Latest(MaxShown))
        {
            json.WriteStartObject();
            json.WriteString("at", JsonForms.Rfc3339(record.At));
            json.WriteString("receiver", record.Receiver);
            json.WriteString("integration", record.Integration);
            json.WriteString("groupKey", record.GroupKey);
            json.WriteString("reason", record.Reason);
            json.WriteString("outcome", record.Outcome);
            json.WriteNumber("attempts", record.Attempts);
            if (record.Error.Length > 0)
            {
                json.WriteString("error", record.Error);
            }
            json.WriteNumber("alerts", record.FiringCount + record.ResolvedCount);
            json.WriteNumber("firing", record.FiringCount);
            json.WriteNumber("resolved", record.ResolvedCount);
            json.WriteNumber("durationSeconds", record.DurationSeconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
