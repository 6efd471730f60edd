using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Hosting;
using Pharos.Storage.Text;

namespace Pharos.Server.Security;

/// <summary>Lets pages of other origins ask the APIs, as far as <c>--web.cors.origin</c> goes; nothing here is bound to a
/// browser's cookies. Answers every OPTIONS of theirs.</summary>
internal sealed class CrossOrigin(GoRegex allowed, string prefix)
{
    /// <summary>What scrapers and operators ask, and no page.</summary>
    private readonly PathString[] _closed = [prefix + "/-", prefix + "/metrics", prefix + "/federate"];

    public void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var path = context.Request.Path;
        if (_closed.Any(closed => path.StartsWithSegments(closed, StringComparison.Ordinal)))
        {
            return next(context);
        }
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            Allow(context.Response.Headers, origin, mayDelete: !path.StartsWithSegments(prefix + "/api/v1", StringComparison.Ordinal));
        }
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            return next(context);
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });

    /// <param name="mayDelete">Alertmanager's API, which answers on the same port, names it; Prometheus' does not.</param>
    private void Allow(IHeaderDictionary headers, string origin, bool mayDelete)
    {
        headers.AccessControlAllowHeaders = "Accept, Authorization, Content-Type, Origin";
        headers.AccessControlAllowMethods = mayDelete ? "GET, POST, DELETE, OPTIONS" : "GET, POST, OPTIONS";
        headers.AccessControlExposeHeaders = "Date";
        headers.Vary = "Origin";
        if (allowed.Pattern == PharosServerOptions.AnyOrigin)
        {
            headers.AccessControlAllowOrigin = "*";
        }
        else if (allowed.IsMatch(origin))
        {
            headers.AccessControlAllowOrigin = origin;
        }
    }
}
