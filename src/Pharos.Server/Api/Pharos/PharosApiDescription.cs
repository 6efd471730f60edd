using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Pharos;

/// <summary>The OpenAPI document of <c>/api/pharos</c>, with this server's version and path prefix put in.</summary>
/// <remarks>Written by hand in <c>openapi.json</c> beside this file; a test compares it with the routes and answers.</remarks>
internal sealed class PharosApiDescription
{
    public const string Path = "/api/pharos/openapi.json";

    private readonly byte[] _document;

    /// <param name="prefix">The path before every path, with a slash in front and none behind; may be empty.</param>
    public PharosApiDescription(string prefix)
    {
        using var written = typeof(PharosApiDescription).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = JsonNode.Parse(written)!;
        document["info"]!["version"] = ServerVersion.Number;
        document["servers"]![0]!["url"] = prefix.Length == 0 ? "/" : prefix;
        _document = System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, ["GET"], (RequestDelegate)(context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(_document, context.RequestAborted).AsTask();
    }));
}
