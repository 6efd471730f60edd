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

    /// <summary>What a path of Loki's port is on the one port.</summary>
    public static string OnOwnPort(string path) => Own.Contains(path, StringComparer.Ordinal) ? "/loki" + path : path;
}
