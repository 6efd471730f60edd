using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads the sections about storing: <c>schema_config</c>, <c>storage_config</c>, <c>compactor</c>, <c>ingester</c>,
/// <c>table_manager</c>, <c>chunk_store_config</c>.</summary>
internal static class StoreSections
{
    private const string OwnFormat = "Pharos has one format of its own, whatever the day";
    private const string OwnFolder = "entries lie in the folder logs of the server's data folder, see --data";
    private const string NoTables = "there are no tables: blocks are merged and dropped by their age";
    private const string NoRing = "one process has no ring and no copies";

    public static LokiConfig Read(YamlMappingReader file, LokiConfig config)
    {
        if (file.Mapping("schema_config") is { } schema)
        {
            foreach (var item in schema.List("configs"))
            {
                ReadPeriod(item);
            }
            schema.Done();
        }
        if (file.Mapping("storage_config") is { } storage)
        {
            ReadStorage(storage);
        }
        if (file.Mapping("compactor") is { } compactor)
        {
            config = ReadCompactor(compactor, config);
        }
        if (file.Mapping("ingester") is { } ingester)
        {
            config = ReadIngester(ingester, config);
        }
        if (file.Mapping("chunk_store_config") is { } chunks)
        {
            chunks.Ignore("limits_config.max_query_lookback says it", "max_look_back_period");
            chunks.Ignore("blocks are read from the disk; the system caches them", "chunk_cache_config", "chunk_cache_config_l2",
                "write_dedupe_cache_config", "cache_lookups_older_than", "l2_chunk_cache_handoff");
            chunks.Done();
        }
        return file.Mapping("table_manager") is { } tables ? ReadTables(tables, config) : config;
    }

    private static LokiConfig ReadTables(YamlMappingReader tables, LokiConfig config)
    {
        var deletes = tables.Flag("retention_deletes_enabled");
        var period = tables.LokiDuration("retention_period", TimeSpan.Zero);
        tables.Ignore(
            NoTables, "throughput_updates_disabled", "poll_interval", "creation_grace_period", "index_tables_provisioning",
            "chunk_tables_provisioning", "enable_ondemand_throughput_mode");
        tables.Done();
        return deletes && period > TimeSpan.Zero ? config with { TableRetention = period } : config;
    }

    private static void ReadPeriod(YamlValue item)
    {
        if (item.AsMapping() is not { } period)
        {
            return;
        }
        var store = period.Text("store");
        period.Text("from");
        period.ErrorUnless(
            store is "" or "tsdb" or "boltdb-shipper" or "boltdb" or "aws" or "aws-dynamo" or "gcp" or "gcp-columnkey" or "bigtable"
                or "bigtable-hashed" or "cassandra" or "grpc-store", "store", $"unrecognized index store {YamlValue.Echo(store)}");
        period.Ignore(OwnFormat, "from", "store", "object_store", "schema", "index", "chunks", "row_shards");
        period.Done();
    }

    private static void ReadStorage(YamlMappingReader storage)
    {
        storage.Ignore(OwnFolder, "filesystem");
        storage.Ignore("the label index is part of the store, whatever its engine was", "boltdb_shipper", "tsdb_shipper", "boltdb", "grpc_store",
            "cassandra", "bigtable", "aws_dynamodb");
        storage.Ignore("data lie on this machine's disk; Pharos has no object storage", "aws", "azure", "bos", "gcs", "gcp", "alibabacloud", "swift",
            "cos", "ibm_kms", "hedging", "congestion_control", "named_stores", "object_prefix", "object_store", "use_thanos_objstore");
        storage.Ignore("blocks are read from the disk; the system caches them", "index_cache_validity", "index_queries_cache_config",
            "disable_broad_index_queries", "max_parallel_get_chunk", "max_chunk_batch_size", "bloom_shipper", "cassandra_storage_config");
        storage.Done();
    }

    private static LokiConfig ReadCompactor(YamlMappingReader compactor, LokiConfig config)
    {
        config = config with
        {
            RetentionEnabled = compactor.Flag("retention_enabled"),
            DeleteCancelPeriod = compactor.LokiDuration("delete_request_cancel_period", config.DeleteCancelPeriod),
        };
        compactor.Ignore("what is deleted is hidden at once, and its space comes back with a later merge", "retention_delete_delay",
            "retention_delete_worker_count", "retention_table_timeout", "retention_backoff_config", "delete_batch_size", "delete_max_interval",
            "delete_request_store", "delete_request_store_key_prefix", "delete_request_store_db_type", "backup_delete_request_store_db_type");
        compactor.Ignore("the store merges and drops as it is due", "compaction_interval", "apply_retention_interval", "upload_parallelism",
            "max_compaction_parallelism", "run_once", "tables_to_compact", "skip_latest_n_tables", "horizontal_scaling_mode", "worker_config",
            "jobs_config");
        compactor.Ignore(OwnFolder, "working_directory");
        compactor.Ignore("gone since Loki 3.0; there is one store", "shared_store", "shared_store_key_prefix");
        compactor.Ignore("limits_config.deletion_mode says it", "deletion_mode");
        compactor.Ignore(NoRing, "compactor_ring");
        compactor.Done();
        return config;
    }

    private static LokiConfig ReadIngester(YamlMappingReader ingester, LokiConfig config)
    {
        ingester.LokiDuration("chunk_idle_period", TimeSpan.Zero);
        ingester.Ignore("entries are sealed when the store has enough of them; they are found and safe before", "chunk_idle_period");
        if (ingester.Mapping("wal") is { } wal)
        {
            wal.ErrorUnless(wal.Flag("enabled", true), "enabled", "the log cannot be turned off: what is acknowledged is kept");
            wal.Ignore(OwnFolder, "dir");
            wal.Ignore("the log is replayed in portions and sealed as it is due", "checkpoint_duration", "flush_on_shutdown",
                "replay_memory_ceiling", "disk_full_threshold", "fsync");
            wal.Done();
        }
        ingester.Ignore("an entry may be of any age that reject_old_samples_max_age allows", "max_chunk_age");
        ingester.Ignore("blocks are packed by the store's own measure", "chunk_block_size", "chunk_target_size", "chunk_encoding",
            "chunk_retain_period", "flush_check_period", "flush_op_timeout", "flush_op_backoff", "concurrent_flushes", "sync_period",
            "sync_min_utilization");
        ingester.Ignore(NoRing, "lifecycler", "max_transfer_retries", "autoforget_unhealthy", "index_shards", "query_store_max_look_back_period",
            "kafka_ingestion", "owned_streams_check_interval", "shutdown_marker_path", "max_returned_stream_errors", "max_dropped_streams",
            "tailers", "interval");
        ingester.Done();
        return config;
    }
}
