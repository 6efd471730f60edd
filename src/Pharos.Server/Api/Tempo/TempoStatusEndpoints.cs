using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Loki;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Tempo;

/// <summary>What operators and Grafana ask a Tempo about itself.</summary>
internal sealed class TempoStatusEndpoints(Func<bool> isReady)
{
    /// <summary>Clients switch features on by Tempo's version: this is the newest whose API is spoken here.</summary>
    private const string Spoken = "2.9.0";

    public void Map(TempoRoutes routes)
    {
        routes.Map("/ready", request => isReady() ? LokiReply.TextAsync(request.Context, "ready\n")
            : LokiReply.TextAsync(request.Context, "Some services are not Running\n", status: StatusCodes.Status503ServiceUnavailable));
        routes.Map("/api/echo", static request => LokiReply.TextAsync(request.Context, "echo"));
        routes.Map("/api/status/buildinfo", static request => LokiReply.JsonAsync(request.Context, static json =>
        {
            json.WriteStartObject();
            ServerVersion.WriteFields(json, Spoken, ServerVersion.Number);
            json.WriteEndObject();
        }));
        routes.Map("/status/version", static request => LokiReply.TextAsync(
            request.Context, $"pharos, version {ServerVersion.Number}, speaks Tempo's API of {Spoken}\n"));
        routes.Map("/status/services", static request => LokiReply.TextAsync(request.Context, "query-frontend Running\nstore Running\n"));
    }
}
