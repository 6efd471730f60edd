using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads the limits, which stand in <c>global</c> and in each job.</summary>
internal static class LimitKeys
{
    public static ScrapeLimits Read(YamlMappingReader section, ScrapeLimits inherited) => new()
    {
        BodySizeBytes = Or(ReadSize(section, "body_size_limit"), inherited.BodySizeBytes),
        Samples = (int)Or(section.Count("sample_limit"), inherited.Samples),
        Targets = (int)Or(section.Count("target_limit"), inherited.Targets),
        Labels = (int)Or(section.Count("label_limit"), inherited.Labels),
        LabelNameLength = (int)Or(section.Count("label_name_length_limit"), inherited.LabelNameLength),
        LabelValueLength = (int)Or(section.Count("label_value_length_limit"), inherited.LabelValueLength),
        KeepDroppedTargets = (int)Or(section.Count("keep_dropped_targets"), inherited.KeepDroppedTargets),
    };

    public static long ReadSize(YamlMappingReader section, string key)
    {
        if (section.Find(key) is not { } value || value.Parsed("a size with its unit, such as 10MB", ByteSize.Parse, ByteSize.Fault) is not { } size)
        {
            return 0;
        }
        if (size < 0)
        {
            value.Error("a size must not be negative");
        }
        return Math.Max(0, size);
    }

    private static long Or(long own, long inherited) => own == 0 ? inherited : own;
}
