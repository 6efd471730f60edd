using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>storage</c>.</summary>
internal static class StorageSection
{
    public static StorageConfig Read(YamlMappingReader section)
    {
        var config = new StorageConfig();
        if (section.Mapping("tsdb") is { } tsdb)
        {
            tsdb.NotHonoured("out_of_order_time_window", "samples that arrive out of order are refused");
            tsdb.NotHonoured("stale_series_compaction_threshold", "stale series leave memory on their own")?.AsNumber();
            if (tsdb.Mapping("chunk_encoding") is { } encoding)
            {
                CheckEncoding(encoding);
            }
            if (tsdb.Mapping("retention") is { } retention)
            {
                config = ReadRetention(retention);
            }
            tsdb.Done();
        }
        if (section.Mapping("exemplars") is { } exemplars)
        {
            exemplars.NotHonoured("max_exemplars", "exemplars are not stored yet")?.AsInteger();
            exemplars.Done();
        }
        section.Done();
        return config;
    }

    private static StorageConfig ReadRetention(YamlMappingReader retention)
    {
        var time = retention.Duration("time");
        var size = LimitKeys.ReadSize(retention, "size");
        if (retention.NotHonoured("percentage", "give a size instead: a share of the disk is not supported yet") is { } value &&
            value.AsNumber() is < 0 or > 100)
        {
            value.Error("'storage.tsdb.retention.percentage' must be in the range [0, 100]");
        }
        retention.Done();
        return new StorageConfig
        {
            RetentionTime = time > TimeSpan.Zero ? time : null,
            RetentionBytes = size > 0 ? size : null,
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
