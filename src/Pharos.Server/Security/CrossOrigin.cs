using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Hosting;
using Pharos.Storage.Text;

namespace Pharos.Server.Security;

/// <summary>Lets pages of other origins ask the APIs, as far as <c>--web.cors.origin</c> goes; nothing here is bound to a
/// browser's cookies. Answers every OPTIONS.</summary>
internal sealed class CrossOrigin(GoRegex allowed)
{
    public void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            Allow(context.Response.Headers, origin, mayDelete: !context.Request.Path.StartsWithSegments("/api/v1"));
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
