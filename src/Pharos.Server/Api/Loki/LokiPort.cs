using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Api.Loki;

/// <summary>Loki's familiar port: paths that mean something else on the one port are Loki's there.</summary>
internal static class LokiPort
{
    private static readonly string[] Own =
    [
        "/ready", "/config", "/config/tenant/v1/limits", "/services", "/log_level", "/flush", "/ring", "/memberlist", "/compactor/ring",
        "/ruler/ring", "/distributor/ring", "/indexgateway/ring", "/scheduler/ring", "/ingester/flush_shutdown", "/ingester/shutdown",
        "/ingester/prepare_shutdown",
    ];

    /// <param name="isLokis">Whether a local port is Loki's.</param>
    public static void Use(IApplicationBuilder app, Func<int, bool> isLokis) => app.Use((context, next) =>
    {
        if (isLokis(context.Connection.LocalPort) && Own.Contains(context.Request.Path.Value, StringComparer.Ordinal))
        {
            context.Request.Path = new PathString("/loki" + context.Request.Path.Value);
        }
        return next(context);
    });
}
