using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads the sections about queries: <c>querier</c>, <c>frontend</c>, <c>query_range</c>, and <c>runtime_config</c>.</summary>
internal static class ReaderSections
{
    private const string NoFrontend = "queries are answered by this process; there is no frontend, scheduler or worker";
    private const string NoCache = "there is no cache of answers in front of the store";

    public static LokiConfig Read(YamlMappingReader file, LokiConfig config)
    {
        if (file.Mapping("querier") is { } querier)
        {
            config = ReadQuerier(querier, config);
        }
        if (file.Mapping("frontend") is { } frontend)
        {
            ReadFrontend(frontend);
        }
        if (file.Mapping("query_range") is { } range)
        {
            range.Flag("align_queries_with_step");
            range.Ignore("steps begin at the start of the query", "align_queries_with_step");
            range.Ignore(
                NoCache, "results_cache", "cache_results", "cache_index_stats_results", "index_stats_results_cache",
                "cache_volume_results", "volume_results_cache", "cache_instant_metric_results", "instant_metric_results_cache",
                "instant_metric_query_split_align", "cache_series_results", "series_results_cache", "cache_label_results",
                "label_results_cache");
            range.Ignore("a query is tried once: nothing can fail between processes", "max_retries");
            range.Ignore(
                "queries run on all cores, block by block", "parallelise_shardable_queries", "sharding_instant_queries",
                "shard_aggregations", "split_queries_by_interval");
            range.Ignore("answers are those of HTTP's JSON", "querier_response_encoding", "query_range_response_encoding");
            range.Done();
        }
        if (file.Mapping("runtime_config") is { } runtime)
        {
            config = config with
            {
                RuntimeFile = runtime.Reading.Resolve(runtime.Text("file")),
                RuntimePeriod = runtime.LokiDuration("period", LokiConfig.Default.RuntimePeriod),
            };
            runtime.Done();
        }
        return config;
    }

    private static LokiConfig ReadQuerier(YamlMappingReader querier, LokiConfig config)
    {
        config = config with
        {
            TailMaxDuration = querier.LokiDuration("tail_max_duration", config.TailMaxDuration),
            MaxConcurrentQueries = Math.Max(1, querier.Count("max_concurrent", config.MaxConcurrentQueries)),
            MultiTenantQueries = querier.Flag("multi_tenant_queries_enabled"),
        };
        if (querier.Mapping("engine") is { } engine)
        {
            config = config with { InstantLookback = engine.LokiDuration("max_look_back_period", config.InstantLookback) };
            engine.Ignore("limits_config.query_timeout says it", "timeout");
            engine.Ignore("approx_topk is exact here", "max_count_min_sketch_heap_size");
            engine.Ignore("there is one engine", "enable_v2_engine", "batch_size", "cataloguepath", "merge_prefetch_count", "range_config");
            engine.Done();
        }
        querier.Ignore("limits_config.query_timeout says it", "query_timeout");
        querier.Ignore(
            "there are no ingesters apart from the store", "query_ingesters_within", "query_store_only", "query_ingester_only",
            "extra_query_delay", "query_partition_ingesters", "query_bloom_ops", "ingester_query_store_max_look_back_period");
        querier.Ignore("volumes and patterns come from the store", "per_request_limits_enabled", "per_request_limits_header_prefix");
        querier.Ignore("there is one engine", "engine_v2", "dispatcher");
        querier.Done();
        return config;
    }

    private static void ReadFrontend(YamlMappingReader frontend)
    {
        frontend.LokiDuration("log_queries_longer_than", TimeSpan.Zero);
        frontend.Ignore("the query log of prometheus.yml (query_log_file) is of metrics; queries of logs are not logged", "log_queries_longer_than");
        frontend.Flag("compress_responses");
        frontend.Ignore("answers are compressed where the client takes it", "compress_responses");
        frontend.Ignore(
            NoFrontend, "max_body_size", "query_stats_enabled", "max_outstanding_per_tenant", "max_outstanding_requests_per_tenant",
            "querier_forget_delay", "scheduler_address", "scheduler_dns_lookup_period", "scheduler_worker_concurrency",
            "grpc_client_config", "graceful_shutdown_timeout", "instance_interface_names", "address", "port", "downstream_url", "tail_proxy_url",
            "tail_tls_config", "encoding", "experimental", "support_parquet_encoding", "instance_enable_ipv6", "instance_port");
        frontend.Done();
    }
}
