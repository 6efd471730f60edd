using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Pharos.Server.Api.Alertmanager;

namespace Pharos.Server.Hosting;

/// <summary>Answers what no other endpoint does: 405 with the methods that a path takes, 404 where nobody knows the path. OPTIONS asks for
/// the methods.</summary>
internal sealed class UnknownPaths(IEndpointRouteBuilder routes)
{
    /// <summary>Behind every other endpoint.</summary>
    private const int LastOrder = 1_000;

    private IReadOnlyList<(TemplateMatcher Path, IReadOnlyList<string> Methods)>? _known;

    public void Map() => routes.Map("/{**path}", (RequestDelegate)AnswerAsync).WithOrder(LastOrder);

    public Task AnswerAsync(HttpContext context)
    {
        _known ??= Known();
        var methods = _known.Where(route => route.Path.TryMatch(context.Request.Path, []))
            .SelectMany(route => route.Methods).Append("OPTIONS").Distinct().Order(StringComparer.Ordinal).ToArray();
        var isAlertmanagers = context.Request.Path.StartsWithSegments("/api/v2");
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (methods.Length == 1)
        {
            if (isAlertmanagers)
            {
                return AlertmanagerReply.RefuseSchemaAsync(context, StatusCodes.Status404NotFound, $"path {context.Request.Path} was not found");
            }
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("404 page not found\n", context.RequestAborted);
        }
        context.Response.Headers.Allow = string.Join(", ", methods);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.ContentType = null;
            return Task.CompletedTask;
        }
        if (isAlertmanagers)
        {
            return AlertmanagerReply.RefuseSchemaAsync(context, StatusCodes.Status405MethodNotAllowed,
                $"method {context.Request.Method} is not allowed, but [{string.Join(',', methods.Where(method => method != "OPTIONS"))}] are");
        }
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return context.Response.WriteAsync("Method Not Allowed\n", context.RequestAborted);
    }

    /// <summary>Every route that names a path, and not only the rest of one.</summary>
    private List<(TemplateMatcher, IReadOnlyList<string>)> Known() =>
    [
        .. routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.PathSegments is [{ IsSimple: true } first, ..]
                && !first.Parts[0].IsParameter && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not null)
            .Select(endpoint => (
                new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []),
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)),
    ];
}
