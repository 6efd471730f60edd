using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Loki;

namespace Pharos.Server.Hosting.Ports;

/// <summary>Gives a request that came to a familiar port the path that it has on the one port.</summary>
/// <param name="roleOf">Whose port a local one is.</param>
/// <param name="prefix">Before every path of the one port, as <see cref="RoutePrefix"/> says; the peers' clients know nothing of it.</param>
/// <param name="queryBasePath">Before every path of Jaeger's query port; empty for nothing.</param>
internal sealed class PortPaths(Func<int, PortRole> roleOf, string prefix, string queryBasePath)
{
    public void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var role = roleOf(context.Connection.LocalPort);
        if (role != PortRole.Own && context.Request.Path.Value is { Length: > 0 } path)
        {
            context.Request.Path = new PathString(OnOwnPort(role, path));
        }
        return next(context);
    });

    /// <summary>The path on the one port.</summary>
    internal string OnOwnPort(PortRole role, string path)
    {
        if (prefix.Length > 0 && IsBelow(path, prefix))
        {
            path = path.Length == prefix.Length ? "/" : path[prefix.Length..];
        }
        return prefix + role switch
        {
            PortRole.Loki => LokiPort.OnOwnPort(path),
            PortRole.Tempo => "/tempo" + path,
            PortRole.JaegerAdmin when path == "/" => "/jaeger/health",
            PortRole.JaegerQuery when queryBasePath.Length > 0 && IsBelow(path, queryBasePath) =>
                path.Length == queryBasePath.Length ? "/" : path[queryBasePath.Length..],
            // The agent's oldest path, whose answers name the kind of a strategy by its number.
            PortRole.Sampling when path == "/" => "/sampling/legacy",
            PortRole.Sampling when path.EndsWith("/baggageRestrictions", StringComparison.Ordinal) => "/sampling/baggageRestrictions",
            PortRole.Sampling => "/sampling",
            _ => path,
        };
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
}
