using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads <c>server</c> and the other keys about the process.</summary>
internal static class ServerSection
{
    private const string Flags = "the server's own flags say where and how it listens: --web.listen-address, --familiar-ports";

    public static void Check(YamlMappingReader file)
    {
        var target = file.Text("target", "all");
        file.KeyOf("target")?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
            $"this process is everything, not only {YamlValue.Echo(target)}");
        if (file.Mapping("server") is not { } server)
        {
            return;
        }
        server.Ignore(
            Flags, "http_listen_network", "http_listen_address", "http_listen_port", "http_listen_conn_limit", "http_path_prefix",
            "grpc_listen_network", "grpc_listen_address", "grpc_listen_port", "grpc_listen_conn_limit", "http_server_read_timeout",
            "http_server_read_header_timeout", "http_server_write_timeout", "http_server_idle_timeout", "graceful_shutdown_timeout",
            "http_log_closed_connections_without_response_enabled", "proxy_protocol_enabled");
        server.Ignore("--web.config.file says it, as for Prometheus", "http_tls_config", "grpc_tls_config", "tls_cipher_suites", "tls_min_version");
        server.Ignore("--log.level and --log.format say it", "log_level", "log_format", "log_source_ips_enabled", "log_source_ips_full",
            "log_source_ips_header", "log_source_ips_regex", "log_request_headers", "log_request_at_info_level_enabled",
            "log_request_exclude_headers_list", "log_request_include_headers_list");
        server.Ignore(
            "there is no gRPC between parts of one process", "grpc_server_max_recv_msg_size", "grpc_server_max_send_msg_size",
            "grpc_server_max_concurrent_streams", "grpc_server_max_connection_idle", "grpc_server_max_connection_age",
            "grpc_server_max_connection_age_grace", "grpc_server_keepalive_time", "grpc_server_keepalive_timeout",
            "grpc_server_min_time_between_pings", "grpc_server_ping_without_stream_allowed", "grpc_server_num_workers",
            "grpc_server_stats_tracking_enabled", "grpc_server_recv_buffer_pools_enabled", "grpc_collect_max_streams_by_conn", "cluster_validation");
        server.Ignore("every request is measured, under pharos' and Prometheus' names", "register_instrumentation",
            "report_grpc_codes_in_instrumentation_label_enabled", "metrics_namespace", "throughput", "trace_request_headers",
            "trace_request_exclude_headers_list");
        server.Done();
    }
}
