using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Hosting;

/// <summary>Sends a client that put a slash too many into a path to the path it meant, as Prometheus does: an address that ends with
/// a slash and an endpoint that begins with one make <c>//-/healthy</c>.</summary>
internal static class CleanPath
{
    public static Task RedirectAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Path.Value is not { } path || !path.Contains("//", StringComparison.Ordinal))
        {
            return next(context);
        }
        var target = request.PathBase.Add(Of(path)).ToUriComponent() + request.QueryString.ToUriComponent();
        context.Response.Headers.Location = target;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            // A client turns a POST that is moved by 301 into a GET without its body; 308 keeps both.
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            return Task.CompletedTask;
        }
        context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            $"<a href=\"{HtmlEncoder.Default.Encode(target)}\">Moved Permanently</a>.\n\n", context.RequestAborted);
    }

    /// <summary>The path with one slash where it has several.</summary>
    private static PathString Of(string path)
    {
        var clean = new StringBuilder(path.Length);
        foreach (var character in path)
        {
            if (character != '/' || clean.Length == 0 || clean[^1] != '/')
            {
                clean.Append(character);
            }
        }
        return new PathString(clean.ToString());
    }
}
