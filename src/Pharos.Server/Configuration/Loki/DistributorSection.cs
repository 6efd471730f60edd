using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads <c>distributor</c>: how large a push may be.</summary>
internal static class DistributorSection
{
    public static LokiConfig Read(YamlMappingReader file, LokiConfig config)
    {
        if (file.Mapping("distributor") is not { } distributor)
        {
            return config;
        }
        var bytes = distributor.LokiSize("max_recv_msg_size", config.MaxReceiveBytes);
        distributor.ErrorUnless(bytes > 0, "max_recv_msg_size", "a push must be allowed to have a length");
        distributor.Ignore("one process has no ring and no copies", "ring", "shard_streams", "rate_store");
        distributor.Ignore("what comes in is stored by this process", "kafka_writes_enabled", "ingester_writes_enabled", "kafka_config", "tenant_topic",
            "dataobj_tee", "ingest_limits_enabled", "ingest_limits_dry_run_enabled");
        distributor.Ignore("the page of logs shows why lines were rejected", "write_failures_logging");
        distributor.Ignore("limits_config.otlp_config says it", "otlp_config", "default_resource_attributes_as_index_labels");
        distributor.Ignore("a push unpacks to a hundred megabytes at most", "max_decompressed_size");
        distributor.Done();
        return config with { MaxReceiveBytes = bytes };
    }
}
