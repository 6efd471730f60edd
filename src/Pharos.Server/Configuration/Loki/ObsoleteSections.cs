using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Accepts whole sections that mean nothing to one process with one store.</summary>
internal static class ObsoleteSections
{
    private static readonly (string Why, string[] Keys)[] Sections =
    [
        ("it is a Go process' heap that this pads", ["ballast_bytes"]),
        ("a stop takes as long as it takes to flush", ["shutdown_delay"]),
        ("nothing about this installation is sent to anybody", ["analytics"]),
        ("Pharos sends no spans about itself yet", ["tracing", "profiling"]),
        ("metrics keep the names that dashboards ask for", ["metrics_namespace"]),
        ("what comes in is stored by this process", ["ingester_client", "ingest_limits", "ingest_limits_frontend",
            "ingest_limits_frontend_client", "kafka_config", "block_builder", "block_scheduler"]),
        ("queries are answered by this process; there is no frontend, scheduler or worker", ["query_scheduler", "frontend_worker",
            "compactor_grpc_client", "compactor_client", "internal_server"]),
        ("patterns are found when they are asked for", ["pattern_ingester"]),
        ("the label index is part of the store", ["index_gateway"]),
        ("every block has its own filters of tokens and ids", ["bloom_compactor", "bloom_build", "bloom_gateway", "bloom_store"]),
        ("one process has no ring and no members", ["memberlist"]),
        ("blocks are columnar already", ["dataobj", "dataobj_explorer", "dataobj_consumer", "dataobj_metastore"]),
        ("rules are read from ruler.storage.local.directory", ["ruler_storage"]),
        ("this server has pages of its own", ["ui"]),
        ("limits of tenants stand in runtime_config's file", ["operational_config"]),
        ("an old way to deploy Loki", ["legacy_read_mode", "legacy-read-mode"]),
    ];

    public static void Accept(YamlMappingReader file)
    {
        foreach (var (why, keys) in Sections)
        {
            file.Ignore(why, keys);
        }
    }
}
