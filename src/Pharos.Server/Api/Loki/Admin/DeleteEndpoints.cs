using Microsoft.AspNetCore.Http;
using Pharos.Query.LogQL;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Loki.Admin;

/// <summary><c>/loki/api/v1/delete</c>: asks for entries to be deleted, lists what was asked for, takes it back.</summary>
internal sealed class DeleteEndpoints(DeleteRequests requests)
{
    public void Map(LokiRoutes routes)
    {
        foreach (var path in (string[])["/loki/api/v1/delete", "/loki/api/admin/delete"])
        {
            routes.Map(path, AddAsync, "POST", "PUT");
            routes.Map(path, ListAsync, "GET");
            routes.Map(path, CancelAsync, "DELETE");
        }
        routes.Map("/loki/api/admin/cancel_delete_request", CancelAsync, "POST", "PUT");
    }

    private Task AddAsync(LokiRequest request)
    {
        if (request.Limits.DeletionMode == "disabled")
        {
            throw new LokiRefusal(StatusCodes.Status403Forbidden, "deletion is not available for this tenant");
        }
        var query = request.Required("query");
        try
        {
            LogParser.ParseLogQuery(query);
        }
        catch (LogParseException e)
        {
            throw LokiRefusal.BadRequest($"invalid query expression: {e.Message}");
        }
        if (request.Text("start").Length == 0)
        {
            throw LokiRefusal.BadRequest("start time not set");
        }
        var startNs = request.Time("start", 0);
        var endNs = request.Time("end", request.NowNs);
        if (endNs > request.NowNs)
        {
            throw LokiRefusal.BadRequest("deletes in the future are not allowed");
        }
        if (startNs > endNs)
        {
            throw LokiRefusal.BadRequest("start time can't be greater than end time");
        }
        requests.Add(request.Tenant, query, startNs, endNs);
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task ListAsync(LokiRequest request)
    {
        var all = requests.Of(request.Tenant);
        return LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartArray();
            foreach (var one in all)
            {
                json.WriteStartObject();
                json.WriteString("request_id", one.Id);
                json.WritePropertyName("start_time");
                JsonForms.WriteTimestamp(json, one.StartNs / 1_000_000);
                json.WritePropertyName("end_time");
                JsonForms.WriteTimestamp(json, one.EndNs / 1_000_000);
                json.WriteString("query", one.Query);
                json.WriteString("status", one.IsProcessed ? "processed" : "received");
                json.WritePropertyName("created_at");
                JsonForms.WriteTimestamp(json, one.CreatedMs);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private Task CancelAsync(LokiRequest request)
    {
        if (requests.Cancel(request.Tenant, request.Required("request_id"), request.Text("force") == "true") is { } reason)
        {
            throw LokiRefusal.BadRequest(reason);
        }
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
