using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;

namespace Pharos.Server.Hosting;

/// <summary>Serves the built web interface: files as they are, and its one page for every path that it draws.</summary>
internal sealed partial class WebUi
{
    /// <summary>First segments of paths that the interface draws itself.</summary>
    private static readonly string[] Pages =
    [
        "query", "graph", "alerts", "silences", "targets", "rules", "dashboards", "d", "notifications", "status", "flags",
        "config", "tsdb-status", "service-discovery", "explore", "incidents", "slos", "logs", "traces", "service-map", "settings", "receivers", "demo",
    ];

    private readonly FileExtensionContentTypeProvider _types = new();
    private readonly string? _folder;
    private readonly string _prefix;
    private readonly RequestDelegate _unknown;
    private readonly string? _title;

    /// <param name="unknown">Answers for a file that is none of the interface's.</param>
    /// <param name="title">Of the page, or null for its own.</param>
    public WebUi(string? folder, string prefix, RequestDelegate unknown, string? title)
    {
        _unknown = unknown;
        _title = title;
        var candidate = Path.GetFullPath(folder ?? Path.Combine(AppContext.BaseDirectory, "ui"));
        _folder = File.Exists(Path.Combine(candidate, "index.html")) ? candidate : null;
        _prefix = prefix;
    }

    public bool IsPresent => _folder is not null;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", ["GET", "HEAD"], (RequestDelegate)(context =>
        {
            context.Response.Redirect(_prefix + (IsPresent ? "/dashboards" : "/metrics"));
            return Task.CompletedTask;
        }));
        foreach (var page in Pages)
        {
            routes.MapMethods($"/{page}/{{**rest}}", ["GET", "HEAD"], (RequestDelegate)IndexAsync);
        }
        routes.MapMethods("/{**file:nonfile}", ["GET", "HEAD"], _unknown);
        routes.MapMethods("/{**file}", ["GET", "HEAD"], (RequestDelegate)FileAsync);
    }

    private async Task IndexAsync(HttpContext context)
    {
        if (_folder is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync(
                "The web interface is not part of this build; the HTTP APIs are at their usual paths.\n", context.RequestAborted);
            return;
        }
        var page = await File.ReadAllTextAsync(Path.Combine(_folder, "index.html"), context.RequestAborted);
        if (_title is not null)
        {
            page = Title().Replace(page, _ => $"<title>{HtmlEncoder.Default.Encode(_title)}</title>");
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteAsync(
            page.Replace("<base href=\"/\"", $"<base href=\"{_prefix}/\"", StringComparison.Ordinal), context.RequestAborted);
    }

    private async Task FileAsync(HttpContext context)
    {
        var name = (string?)context.Request.RouteValues["file"] ?? "";
        if (Find(name) is not { } path)
        {
            await _unknown(context);
            return;
        }
        var response = context.Response;
        response.ContentType = _types.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        // Names of built files carry a hash of their contents; all others may change with the next version.
        response.Headers.CacheControl = name.StartsWith("assets/", StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal) && File.Exists(path + ".br"))
        {
            response.Headers.ContentEncoding = "br";
            path += ".br";
        }
        response.ContentLength = new FileInfo(path).Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.SendFileAsync(path, context.RequestAborted);
        }
    }

    /// <summary>The file of the interface with this name, and never one outside its folder.</summary>
    private string? Find(string name)
    {
        if (_folder is null || name.Length == 0)
        {
            return null;
        }
        var path = Path.GetFullPath(Path.Combine(_folder, name));
        return path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path) ? path : null;
    }

    [GeneratedRegex("<title>[^<]*</title>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Title();
}
