using System.Globalization;
using System.Text;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Loki.Admin;

/// <summary>Limits as the keys of <c>limits_config</c>.</summary>
internal static class LimitsText
{
    public static string Yaml(LokiLimits limits, int indent = 0)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Keys(limits))
        {
            text.Append(' ', indent).Append(key).Append(": ").Append(value).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<(string Key, string Value)> Keys(LokiLimits limits)
    {
        var ingest = limits.Ingest;
        yield return ("ingestion_rate_mb", Megabytes(ingest.RateBytesPerSecond));
        yield return ("ingestion_burst_size_mb", Megabytes(ingest.BurstBytes));
        yield return ("per_stream_rate_limit", Text(ingest.StreamRateBytesPerSecond));
        yield return ("per_stream_rate_limit_burst", Text(ingest.StreamBurstBytes));
        yield return ("max_line_size", Text(ingest.MaxLineBytes));
        yield return ("max_line_size_truncate", Text(ingest.TruncateLines));
        yield return ("max_label_names_per_series", Text(ingest.MaxLabelNames));
        yield return ("max_label_name_length", Text(ingest.MaxLabelNameLength));
        yield return ("max_label_value_length", Text(ingest.MaxLabelValueLength));
        yield return ("reject_old_samples", Text(ingest.RejectOldSamples));
        yield return ("reject_old_samples_max_age", Text(ingest.RejectOldSamplesMaxAge));
        yield return ("creation_grace_period", Text(ingest.CreationGracePeriod));
        yield return ("max_global_streams_per_user", Text(ingest.MaxActiveStreams));
        yield return ("increment_duplicate_timestamp", Text(ingest.IncrementDuplicateTimestamps));
        yield return ("allow_structured_metadata", Text(ingest.AllowStructuredMetadata));
        yield return ("max_structured_metadata_size", Text(ingest.MaxStructuredMetadataBytes));
        yield return ("max_structured_metadata_entries_count", Text(ingest.MaxStructuredMetadataEntries));
        yield return ("discover_service_name", List(ingest.ServiceNameSources));
        yield return ("discover_log_levels", Text(ingest.DiscoverLevels));
        yield return ("log_level_fields", List(ingest.LevelFields.Names));
        yield return ("enforced_labels", List(ingest.RequiredLabels));
        yield return ("max_entries_limit_per_query", Text(limits.MaxEntriesPerQuery));
        yield return ("max_query_series", Text(limits.MaxQuerySeries));
        yield return ("max_query_length", Text(limits.MaxQueryLength));
        yield return ("max_query_lookback", Text(limits.MaxQueryLookback));
        yield return ("max_query_range", Text(limits.MaxQueryRange));
        yield return ("query_timeout", Text(limits.QueryTimeout));
        yield return ("max_query_bytes_read", Text(limits.MaxQueryBytes));
        yield return ("max_concurrent_tail_requests", Text(limits.MaxConcurrentTails));
        yield return ("max_streams_matchers_per_query", Text(limits.MaxMatchers));
        yield return ("volume_enabled", Text(limits.VolumeEnabled));
        yield return ("volume_max_series", Text(limits.VolumeMaxSeries));
        yield return ("retention_period", Text(limits.RetentionPeriod));
        yield return ("deletion_mode", limits.DeletionMode);
        yield return ("required_labels", List(limits.RequiredLabels));
        yield return ("minimum_labels_number", Text(limits.MinimumMatchers));
        yield return ("ruler_max_rules_per_rule_group", Text(limits.MaxRulesPerGroup));
        yield return ("ruler_max_rule_groups_per_tenant", Text(limits.MaxRuleGroups));
    }

    private static string Megabytes(long bytes) => (bytes / 1048576.0).ToString(CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool flag) => flag ? "true" : "false";

    private static string Text(TimeSpan duration) => GoDuration.Format(duration);

    private static string List(IReadOnlyList<string> names) => $"[{string.Join(", ", names.Select(YamlText.Quoted))}]";
}
