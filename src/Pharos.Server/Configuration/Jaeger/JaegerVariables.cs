using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Jaeger;

/// <summary>The environment variables of Jaeger 1: those that this server follows, and what happens instead of the others.</summary>
internal static class JaegerVariables
{
    private const string OwnStore = "spans are kept in this server's own store, in the folder of --data";
    private const string NoElasticsearch = "no Elasticsearch is needed: " + OwnStore;
    private const string NoQueue = "a request is answered when its spans are stored; there is no queue before that";
    private const string OwnMetrics = "what is measured of spans is in this server's own metrics";
    private const string Tls = "TLS of every port is set in the file of --web.config.file";

    /// <summary>Followed, and so never warned of; the ports beside them bear the names of flags.</summary>
    private static readonly HashSet<string> Followed = new(StringComparer.Ordinal)
    {
        "COLLECTOR_OTLP_ENABLED", "QUERY_BASE_PATH", "QUERY_MAX_CLOCK_SKEW_ADJUSTMENT", "BADGER_SPAN_STORE_TTL", "SAMPLING_STRATEGIES_FILE",
        "SAMPLING_STRATEGIES_RELOAD_INTERVAL", "SAMPLING_CONFIG_TYPE", "SAMPLING_TARGET_SAMPLES_PER_SECOND", "SAMPLING_DELTA_TOLERANCE",
        "SAMPLING_CALCULATION_INTERVAL", "SAMPLING_AGGREGATION_BUCKETS", "SAMPLING_INITIAL_SAMPLING_PROBABILITY", "SAMPLING_MIN_SAMPLING_PROBABILITY",
        "SAMPLING_MIN_SAMPLES_PER_SECOND", "MULTI_TENANCY_ENABLED", "MULTI_TENANCY_HEADER", "MULTI_TENANCY_TENANTS",
    };

    /// <summary>By name, or by how a name begins where that ends with an underscore.</summary>
    private static readonly (string Name, string Instead)[] Others =
    [
        ("SPAN_STORAGE_TYPE", OwnStore), ("DEPENDENCY_STORAGE_TYPE", "dependencies are counted as spans come in"),
        ("SAMPLING_STORAGE_TYPE", "what adaptive sampling needs is kept in memory"), ("METRICS_STORAGE_TYPE", OwnMetrics),
        ("PROMETHEUS_SERVER_URL", OwnMetrics), ("PROMETHEUS_QUERY_", OwnMetrics),
        ("SAMPLING_BUCKETS_FOR_CALCULATION", "SAMPLING_AGGREGATION_BUCKETS says how far is looked back"),
        ("SAMPLING_DELAY", "throughput is counted here and needs no delay"), ("SAMPLING_LEADER_LEASE_REFRESH_INTERVAL", "one process needs no leader"),
        ("SAMPLING_FOLLOWER_LEASE_REFRESH_INTERVAL", "one process needs no leader"),
        ("COLLECTOR_QUEUE_SIZE", NoQueue), ("COLLECTOR_QUEUE_SIZE_MEMORY", NoQueue), ("COLLECTOR_NUM_WORKERS", NoQueue),
        ("COLLECTOR_TAGS", "no tags are added to spans"), ("COLLECTOR_GRPC_SERVER_MAX_MESSAGE_SIZE", "a message may have 64 MB"),
        ("COLLECTOR_ZIPKIN_ALLOWED_ORIGINS", "--web.cors.origin says whose pages may ask"),
        ("COLLECTOR_ZIPKIN_ALLOWED_HEADERS", "--web.cors.origin says whose pages may ask"),
        ("PROCESSOR_JAEGER_", "datagrams have 65,000 bytes at most, and 1,000 of them wait"), ("PROCESSOR_ZIPKIN_", "the UDP port 5775 is not served"),
        ("QUERY_UI_CONFIG", "the pages are this server's own"), ("QUERY_STATIC_FILES", "the pages are this server's own"),
        ("QUERY_ADDITIONAL_HEADERS", "headers of answers are set in the file of --web.config.file"),
        ("QUERY_BEARER_TOKEN_PROPAGATION", "there is no store behind this server that asks for a token"),
        ("MEMORY_MAX_TRACES", "the store is on disk, and its retention bounds it"),
        ("BADGER_", OwnStore), ("ES_", NoElasticsearch), ("CASSANDRA_", "no Cassandra is needed: " + OwnStore),
        ("KAFKA_PRODUCER_", "no Kafka is needed: " + OwnStore), ("GRPC_STORAGE_", OwnStore),
    ];

    /// <summary>What Jaeger's flags are called in the environment: <c>COLLECTOR_ZIPKIN_HOST_PORT</c>.</summary>
    /// <param name="flag">With or without dashes in front.</param>
    public static string NameOf(string flag) => flag.TrimStart('-').Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    /// <summary>What happens instead of what a variable asks for; null for one that is followed, or is not Jaeger's.</summary>
    public static string? InsteadOf(string name)
    {
        if (Followed.Contains(name)
            || (name.EndsWith("_HOST_PORT", StringComparison.Ordinal) && !name.StartsWith("PROCESSOR_ZIPKIN_", StringComparison.Ordinal)))
        {
            return null;
        }
        if ((name.StartsWith("COLLECTOR_", StringComparison.Ordinal) || name.StartsWith("QUERY_", StringComparison.Ordinal))
            && name.Contains("_TLS_", StringComparison.Ordinal))
        {
            return Tls;
        }
        return Array.Find(Others, other => other.Name.EndsWith('_') ? name.StartsWith(other.Name, StringComparison.Ordinal) : name == other.Name).Instead;
    }

    /// <summary>Go's words for yes and no.</summary>
    /// <exception cref="FormatException">The value is neither.</exception>
    public static bool Flag(string name, string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new FormatException($"{name}: neither true nor false: {GoQuote.Quote(value)}"),
    };
}
