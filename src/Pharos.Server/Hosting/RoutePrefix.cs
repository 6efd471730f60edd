namespace Pharos.Server.Hosting;

/// <summary>The path below which everything is served: empty, or with a slash in front and none behind.</summary>
internal static class RoutePrefix
{
    /// <summary>As Prometheus: an explicit prefix wins, then the external address' path, then none.</summary>
    public static string Of(string? routePrefix, Uri? externalUrl)
    {
        var path = routePrefix is { Length: > 0 } ? routePrefix : externalUrl?.AbsolutePath ?? "";
        var trimmed = path.Trim('/');
        return trimmed.Length == 0 ? "" : "/" + trimmed;
    }
}
