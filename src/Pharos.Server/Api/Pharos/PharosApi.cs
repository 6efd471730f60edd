using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Server.Api.Alertmanager;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Pharos;

/// <summary>What the web interface asks for beyond the peers' APIs: this server.</summary>
internal sealed class PharosApi(bool demo, Func<IReadOnlyList<string>> warnings)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/pharos/info", ["GET"], (RequestDelegate)ServerAsync);

    private Task ServerAsync(HttpContext context) => AlertmanagerReply.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("version", ServerVersion.Number);
        json.WriteBoolean("demo", demo);
        json.WriteBoolean("traces", true);
        JsonForms.WriteStrings(json, "warnings", warnings());
        json.WriteEndObject();
    });
}
