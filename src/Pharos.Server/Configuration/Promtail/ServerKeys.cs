using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>The keys of the <c>server</c> section that Promtail shares with Loki, and those of the same section inside targets.</summary>
internal static class ServerKeys
{
    private static readonly string[] Known =
    [
        "http_listen_network", "http_listen_address", "http_listen_port", "http_listen_conn_limit", "http_server_read_timeout",
        "http_server_read_header_timeout", "http_server_write_timeout", "http_server_idle_timeout", "http_tls_config", "http_path_prefix",
        "http_log_closed_connections_without_response_enabled", "grpc_listen_network", "grpc_listen_address", "grpc_listen_port",
        "grpc_listen_conn_limit", "grpc_tls_config", "grpc_server_max_connection_age", "grpc_server_max_connection_age_grace",
        "grpc_server_max_connection_idle", "grpc_server_max_recv_msg_size", "grpc_server_max_send_msg_size",
        "grpc_server_max_concurrent_streams", "grpc_server_keepalive_time", "grpc_server_keepalive_timeout",
        "grpc_server_min_time_between_pings", "grpc_server_ping_without_stream_allowed", "grpc_server_num_workers", "tls_cipher_suites",
        "tls_min_version", "register_instrumentation", "graceful_shutdown_timeout", "log_format", "log_level", "log_source_ips_enabled",
        "log_source_ips_full", "log_source_ips_header", "log_source_ips_regex", "log_request_headers", "log_request_at_info_level_enabled",
        "log_request_exclude_headers_list", "proxy_protocol_enabled", "external_url", "health_check_target", "disable",
        "enable_runtime_reload", "reload", "profiling_enabled",
    ];

    public static void Accept(YamlMappingReader server)
    {
        server.Accept(Known);
        server.Done();
    }

    /// <summary>Says of each key but those read before that it changes nothing.</summary>
    /// <param name="reason">Why it does not.</param>
    public static void AcceptOthers(YamlMappingReader server, string reason)
    {
        foreach (var key in Known)
        {
            if (!server.IsKnown(key))
            {
                server.NotHonoured(key, reason);
            }
        }
        server.Done();
    }
}
