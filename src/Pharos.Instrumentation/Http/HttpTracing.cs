using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pharos.Instrumentation.Http;

/// <summary>Gives ASP.NET Core's span of a request the names and attributes of OpenTelemetry's HTTP conventions, and takes it out of
/// the trace where its path is ignored.</summary>
internal sealed class HttpTracing(RequestDelegate next, IList<string> ignoredPaths)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } activity)
        {
            await next(context);
            return;
        }
        if (ignoredPaths.Contains(context.Request.Path.Value ?? ""))
        {
            // Spans below are not recorded either: their parent is not.
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
        if (!activity.IsAllDataRequested)
        {
            await next(context);
            return;
        }
        Begin(activity, context.Request);
        try
        {
            await next(context);
            End(activity, context, null);
        }
        catch (Exception e)
        {
            End(activity, context, e);
            throw;
        }
    }

    private static void Begin(Activity activity, HttpRequest request)
    {
        var method = HttpMeasuring.MethodOf(request.HttpContext);
        activity.DisplayName = method == "_OTHER" ? "HTTP" : method;
        activity.SetTag("http.request.method", method);
        if (method == "_OTHER")
        {
            activity.SetTag("http.request.method_original", request.Method);
        }
        activity.SetTag("url.scheme", request.Scheme);
        activity.SetTag("url.path", (request.PathBase + request.Path).Value);
        if (request.Host.HasValue)
        {
            activity.SetTag("server.address", request.Host.Host);
            if (request.Host.Port is { } port)
            {
                activity.SetTag("server.port", port);
            }
        }
        if (request.HttpContext.Connection.RemoteIpAddress is { } client)
        {
            activity.SetTag("client.address", client.ToString());
        }
        activity.SetTag("network.protocol.version", request.Protocol is "HTTP/2" or "HTTP/3" ? request.Protocol[5..] : "1.1");
        var agent = request.Headers.UserAgent.ToString();
        if (agent.Length > 0)
        {
            activity.SetTag("user_agent.original", agent);
        }
    }

    private static void End(Activity activity, HttpContext context, Exception? exception)
    {
        if (HttpMeasuring.RouteOf(HttpMeasuring.EndpointOf(context)) is { } route)
        {
            activity.DisplayName = $"{activity.DisplayName} {route}";
            activity.SetTag("http.route", route);
        }
        var status = exception is null || context.Response.HasStarted
            ? context.Response.StatusCode : StatusCodes.Status500InternalServerError;
        activity.SetTag("http.response.status_code", status);
        if (exception is not null)
        {
            Tracing.ExceptionRecording.Record(activity, exception);
            activity.SetTag("error.type", exception.GetType().FullName);
            activity.SetStatus(ActivityStatusCode.Error, exception.Message);
        }
        else if (status >= StatusCodes.Status500InternalServerError)
        {
            activity.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
