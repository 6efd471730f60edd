using Pharos.Collection.Receivers.Loki.Enrichment;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Query.PromQL.Syntax;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads <c>limits_config</c>, and what a runtime file says of one tenant.</summary>
internal static class LimitsSection
{
    private const string Sharding = "queries are split here by blocks and cores, not by time and shards";
    private const string Caches = "there is no cache of answers in front of the store";
    private const string Bloom = "every block has its own filters of tokens and ids";
    private const string RemoteWrite = "recording rules write into the metric store here; prometheus.yml's remote_write sends on";
    private const string OneProcess = "one process has no rings, shards of tenants or partitions";
    private const string Patterns = "patterns are found when they are asked for";

    /// <param name="otherwise">What holds where the section says nothing.</param>
    public static LokiLimits Read(YamlMappingReader section, LokiLimits otherwise)
    {
        var limits = otherwise with
        {
            Ingest = ReadIngest(section, otherwise.Ingest),
            MaxEntriesPerQuery = section.Count("max_entries_limit_per_query", otherwise.MaxEntriesPerQuery),
            MaxQuerySeries = section.Count("max_query_series", otherwise.MaxQuerySeries),
            MaxQueryLength = section.LokiDuration("max_query_length", otherwise.MaxQueryLength),
            MaxQueryLookback = section.LokiDuration("max_query_lookback", otherwise.MaxQueryLookback),
            MaxQueryRange = section.LokiDuration("max_query_range", otherwise.MaxQueryRange),
            QueryTimeout = section.LokiDuration("query_timeout", otherwise.QueryTimeout),
            MaxQueryBytes = section.LokiSize("max_query_bytes_read", otherwise.MaxQueryBytes),
            MaxConcurrentTails = section.Count("max_concurrent_tail_requests", otherwise.MaxConcurrentTails),
            MaxMatchers = section.Count("max_streams_matchers_per_query", otherwise.MaxMatchers),
            VolumeEnabled = section.Flag("volume_enabled", otherwise.VolumeEnabled),
            VolumeMaxSeries = section.Count("volume_max_series", otherwise.VolumeMaxSeries),
            RetentionPeriod = section.LokiDuration("retention_period", otherwise.RetentionPeriod),
            RetentionStreams = section.Find("retention_stream") is { } streams
                ? [.. streams.AsList().Select(ReadRetention).OfType<LokiStreamRetention>()] : otherwise.RetentionStreams,
            DeletionMode = OneOf(section, "deletion_mode", otherwise.DeletionMode, "disabled", "filter-only", "filter-and-delete"),
            BlockedQueries = section.Find("blocked_queries") is { } blocked
                ? [.. blocked.AsList().Select(ReadBlocked).OfType<LokiBlockedQuery>()] : otherwise.BlockedQueries,
            RequiredLabels = section.OptionalTexts("required_labels") ?? otherwise.RequiredLabels,
            MinimumMatchers = section.Count("minimum_labels_number", otherwise.MinimumMatchers),
            MaxRulesPerGroup = section.Count("ruler_max_rules_per_rule_group", otherwise.MaxRulesPerGroup),
            MaxRuleGroups = section.Count("ruler_max_rule_groups_per_tenant", otherwise.MaxRuleGroups),
        };
        AcceptOthers(section);
        section.Done();
        return limits;
    }

    private static LokiIngestLimits ReadIngest(YamlMappingReader section, LokiIngestLimits otherwise) => otherwise with
    {
        RateBytesPerSecond = section.Megabytes("ingestion_rate_mb", otherwise.RateBytesPerSecond),
        BurstBytes = section.Megabytes("ingestion_burst_size_mb", otherwise.BurstBytes),
        StreamRateBytesPerSecond = section.LokiSize("per_stream_rate_limit", otherwise.StreamRateBytesPerSecond),
        StreamBurstBytes = section.LokiSize("per_stream_rate_limit_burst", otherwise.StreamBurstBytes),
        MaxLineBytes = section.LokiSize("max_line_size", otherwise.MaxLineBytes),
        TruncateLines = section.Flag("max_line_size_truncate", otherwise.TruncateLines),
        TruncationMark = section.Text("max_line_size_truncate_identifier", otherwise.TruncationMark),
        MaxLabelNames = section.Count("max_label_names_per_series", otherwise.MaxLabelNames),
        MaxLabelNameLength = section.Count("max_label_name_length", otherwise.MaxLabelNameLength),
        MaxLabelValueLength = section.Count("max_label_value_length", otherwise.MaxLabelValueLength),
        RejectOldSamples = section.Flag("reject_old_samples", otherwise.RejectOldSamples),
        RejectOldSamplesMaxAge = section.LokiDuration("reject_old_samples_max_age", otherwise.RejectOldSamplesMaxAge),
        CreationGracePeriod = section.LokiDuration("creation_grace_period", otherwise.CreationGracePeriod),
        MaxActiveStreams = MaxStreams(section, otherwise.MaxActiveStreams),
        IncrementDuplicateTimestamps = section.Flag("increment_duplicate_timestamp", otherwise.IncrementDuplicateTimestamps),
        AllowStructuredMetadata = section.Flag("allow_structured_metadata", otherwise.AllowStructuredMetadata),
        MaxStructuredMetadataBytes = section.LokiSize("max_structured_metadata_size", otherwise.MaxStructuredMetadataBytes),
        MaxStructuredMetadataEntries = section.Count("max_structured_metadata_entries_count", otherwise.MaxStructuredMetadataEntries),
        RequiredLabels = section.OptionalTexts("enforced_labels") ?? otherwise.RequiredLabels,
        BlockedUntil = section.Find("block_ingestion_until")?.Parsed("a time such as 2025-01-01T00:00:00Z", ParseTime) ?? otherwise.BlockedUntil,
        BlockedStatus = section.Count("block_ingestion_status_code", otherwise.BlockedStatus),
        ServiceNameSources = section.OptionalTexts("discover_service_name") ?? otherwise.ServiceNameSources,
        DiscoverLevels = section.Flag("discover_log_levels", otherwise.DiscoverLevels),
        LevelFields = section.OptionalTexts("log_level_fields") is { } fields ? new LevelFields(fields) : otherwise.LevelFields,
        Otlp = section.Mapping("otlp_config") is { } otlp ? OtlpConfigSection.Read(otlp) : otherwise.Otlp,
    };

    /// <summary>Two keys for one limit: of all of a cluster, and of one of its processes.</summary>
    private static int MaxStreams(YamlMappingReader section, int otherwise)
    {
        var global = section.Count("max_global_streams_per_user", otherwise);
        var local = section.Count("max_streams_per_user", otherwise);
        return local > 0 && global > 0 ? Math.Min(local, global) : Math.Max(local, global);
    }

    private static DateTimeOffset? ParseTime(string text) => NanosecondTime.TryParse(text, out var timeNs)
        ? DateTimeOffset.UnixEpoch.AddTicks(timeNs / TimeSpan.NanosecondsPerTick) : null;

    private static string OneOf(YamlMappingReader section, string key, string otherwise, params ReadOnlySpan<string> known)
    {
        if (section.Find(key) is not { } value || value.AsText() is not { } text)
        {
            return otherwise;
        }
        if (!known.Contains(text))
        {
            value.Error($"{YamlValue.Echo(text)} is none of {string.Join(", ", known)}");
        }
        return text;
    }

    private static LokiStreamRetention? ReadRetention(YamlValue item)
    {
        if (item.AsMapping() is not { } section)
        {
            return null;
        }
        var selector = section.Text("selector");
        var period = section.LokiDuration("period", TimeSpan.Zero);
        var priority = section.Count("priority");
        section.ErrorUnless(period >= TimeSpan.FromHours(24), "period", "retention period must be >= 24h");
        section.Done();
        try
        {
            return new LokiStreamRetention(selector, PromParser.ParseMetricSelector(selector), priority, period);
        }
        catch (PromParseException e)
        {
            section.ErrorAt("selector", $"{YamlValue.Echo(selector)} is no selector: {e.Message}");
            return null;
        }
    }

    private static LokiBlockedQuery? ReadBlocked(YamlValue item)
    {
        if (item.AsMapping() is not { } section)
        {
            return null;
        }
        var pattern = section.Text("pattern");
        var isRegex = section.Flag("regex");
        var types = section.Find("types")?.AsText()?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        section.Ignore("a query is known by its text here", "hash");
        section.Ignore("requests have no tags here", "tags");
        section.Done();
        try
        {
            return new LokiBlockedQuery(pattern, isRegex ? GoRegex.Unanchored(pattern) : null, types);
        }
        catch (GoRegexException e)
        {
            section.ErrorAt("pattern", e.Message);
            return null;
        }
    }

    private static void AcceptOthers(YamlMappingReader section)
    {
        section.Ignore("a process counts what it takes in itself: there is nothing to divide", "ingestion_rate_strategy", "use_owned_stream_count");
        section.Ignore("entries are taken in any order", "unordered_writes");
        section.Ignore("gone since Loki 3.0; a stream needs no name of a metric", "enforce_metric_name");
        section.Ignore("a stream is not cut into several here: it needs no sharding", "shard_streams");
        section.Ignore("an answer is never delayed on purpose", "simulated_push_latency");
        section.Ignore("fields of a log line are found by detected_fields", "discover_generic_fields");
        section.Ignore("levels in JSON are looked for in two levels of objects", "log_level_from_json_max_depth");
        section.Ignore("a query reads blocks, not the chunks of single streams", "max_chunks_per_query", "cardinality_limit");
        section.Ignore("the memory of a query is bounded instead", "max_querier_bytes_read");
        section.Ignore(
            Sharding, "max_query_parallelism", "tsdb_max_query_parallelism", "tsdb_max_bytes_per_shard", "tsdb_sharding_strategy",
            "tsdb_precompute_chunks", "split_queries_by_interval", "split_metadata_queries_by_interval",
            "split_recent_metadata_queries_by_interval", "recent_metadata_query_window", "split_instant_metric_queries_by_interval",
            "split_ingester_queries_by_interval", "query_split_duration", "min_sharding_lookback", "max_queriers_per_tenant",
            "max_query_capacity", "shard_aggregations", "query_ready_index_num_days");
        section.Ignore(
            Caches, "max_cache_freshness_per_query", "max_metadata_cache_freshness", "max_stats_cache_freshness",
            "max_stats_cache_ttl");
        section.Ignore(
            Bloom, "bloom_gateway_enable_filtering", "bloom_gateway_shard_size", "bloom_gateway_cache_key_interval",
            "bloom_gateway_blocks_downloading_parallelism", "bloom_compactor_enable_compaction", "bloom_compactor_shard_size",
            "bloom_compactor_max_block_size", "bloom_compactor_max_bloom_size", "bloom_build_max_builders",
            "bloom_build_task_timeout", "bloom_build_max_block_size", "bloom_build_max_bloom_size", "bloom_creation_enabled",
            "bloom_planning_enabled", "bloom_split_series_keyspace_by", "bloom_split_series_keyspace_strategy",
            "bloom_task_target_series_chunk_size", "bloom_block_encoding", "bloom_prefetch_blocks", "bloom_max_block_size",
            "bloom_max_bloom_size", "bloom_ngram_length", "bloom_ngram_skip", "bloom_false_positive_rate",
            "bloom_build_task_max_retries");
        section.Ignore(
            RemoteWrite, "ruler_remote_write_disabled", "ruler_remote_write_url", "ruler_remote_write_timeout", "ruler_remote_write_headers",
            "ruler_remote_write_relabel_configs", "ruler_remote_write_queue_capacity", "ruler_remote_write_queue_min_shards",
            "ruler_remote_write_queue_max_shards", "ruler_remote_write_queue_max_samples_per_send",
            "ruler_remote_write_queue_batch_send_deadline", "ruler_remote_write_queue_min_backoff",
            "ruler_remote_write_queue_max_backoff", "ruler_remote_write_queue_retry_on_ratelimit", "ruler_remote_write_sigv4_config",
            "ruler_remote_write_config", "ruler_enable_wal_replay");
        section.Ignore("rules are evaluated in this process", "ruler_remote_evaluation_timeout", "ruler_remote_evaluation_max_response_size");
        section.Ignore("gone since Loki 3.0; a group's query_offset does the same", "ruler_evaluation_delay_duration");
        section.Ignore("alerts of logs are routed as those of metrics, by alertmanager.yml", "ruler_alertmanager_config");
        section.Ignore(
            OneProcess, "ruler_tenant_shard_size", "index_gateway_shard_size", "ingestion_partitions_tenant_shard_size",
            "max_scan_task_parallelism");
        section.Ignore(
            "use runtime_config.file, which is read again while the server runs", "per_tenant_override_config", "per_tenant_override_period");
        section.Ignore("deletion_mode says it", "allow_deletes");
        section.Ignore(
            "policies of single streams are not known here; enforced_labels and block_ingestion_until hold for all of a tenant",
            "block_ingestion_policy_until", "policy_enforced_labels", "policy_stream_mapping", "policy_override_limits");
        section.Ignore(
            Patterns, "pattern_persistence_enabled", "pattern_ingester_tokenizable_json_fields_default",
            "pattern_ingester_tokenizable_json_fields_append", "pattern_ingester_tokenizable_json_fields_delete",
            "metric_aggregation_enabled", "persistence_granularity", "pattern_rate_threshold");
        section.Ignore("data lie on this machine's disk", "s3_sse_type", "s3_sse_kms_key_id", "s3_sse_kms_encryption_context");
        section.Ignore("an experiment of Loki that was taken back", "enable_multi_variant_queries");
        section.Ignore("it tells Loki's developers something", "debug_engine_tasks", "debug_engine_streams");
    }
}
