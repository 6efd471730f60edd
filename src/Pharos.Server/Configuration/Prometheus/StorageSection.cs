using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>storage</c>.</summary>
internal static class StorageSection
{
    public static StorageConfig Read(YamlMappingReader section)
    {
        var config = StorageConfig.Default;
        if (section.Mapping("tsdb") is { } tsdb)
        {
            config = tsdb.Find("retention") is { } retention ? ReadRetention(retention) : config;
            config = config with
            {
                OutOfOrderWindow = tsdb.Duration("out_of_order_time_window"),
                DownsamplingRules = tsdb.Find("downsampling") is { } downsampling ? DownsamplingRuleList.Read(downsampling) : [],
            };
            tsdb.Find("stale_series_compaction_threshold")?.AsNumber();
            tsdb.KeyOf("stale_series_compaction_threshold")?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
                "stale series leave memory on their own");
            if (tsdb.Mapping("chunk_encoding") is { } encoding)
            {
                CheckEncoding(encoding);
            }
            tsdb.Done();
        }
        if (section.Mapping("exemplars") is { } exemplars)
        {
            // As in Prometheus, a negative number means none.
            config = config with
            {
                MaxExemplars = (int)Math.Clamp(exemplars.Integer("max_exemplars", StorageConfig.Default.MaxExemplars), 0, int.MaxValue),
            };
            exemplars.Done();
        }
        section.Done();
        return config;
    }

    /// <summary>Prometheus' mapping, which may hold rules, or the rules alone.</summary>
    private static StorageConfig ReadRetention(YamlValue value)
    {
        if (value.Node is YamlSequence)
        {
            return StorageConfig.Default with { RetentionRules = RetentionRuleList.Read(value) };
        }
        return value.AsMapping() is { } retention ? ReadRetention(retention) : StorageConfig.Default;
    }

    private static StorageConfig ReadRetention(YamlMappingReader retention)
    {
        var time = retention.Duration("time");
        var size = LimitKeys.ReadSize(retention, "size");
        var percent = 0.0;
        if (retention.Find("percentage") is { } value && value.AsNumber() is { } number)
        {
            percent = number;
            if (number is not (>= 0 and <= 100))
            {
                value.Error("'storage.tsdb.retention.percentage' must be in the range [0, 100]");
            }
        }
        var rules = retention.Find("rules") is { } list ? RetentionRuleList.Read(list) : [];
        retention.Done();
        return new StorageConfig
        {
            RetentionTime = time > TimeSpan.Zero ? time : null,
            RetentionBytes = size > 0 ? size : null,
            RetentionRules = rules,
            RetentionPercent = percent > 0 ? percent : null,
        };
    }

    private static void CheckEncoding(YamlMappingReader encoding)
    {
        if (encoding.Find("floats") is { } value && value.AsText() is { } name && name is not ("xor" or "xor2"))
        {
            value.Error($"unknown chunk encoding {YamlValue.Echo(name)}, must be either 'xor' or 'xor2'");
        }
        encoding.KeyOf("floats")?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
            "blocks have an encoding of their own here");
        encoding.Done();
    }
}
