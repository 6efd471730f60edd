using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>otlp</c> for its faults; OTLP metrics are not received yet.</summary>
internal static class OtlpSection
{
    private static readonly string[] Strategies =
        ["UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes", "NoUTF8EscapingWithSuffixes", "NoTranslation"];

    public static void Check(YamlMappingReader section, bool legacyNames)
    {
        var all = section.Flag("promote_all_resource_attributes");
        CheckAttributes(section, "promote_resource_attributes", "promoted");
        CheckAttributes(section, "ignore_resource_attributes", "ignored");
        section.ErrorUnless(!all || section.List("promote_resource_attributes").Count == 0, "promote_resource_attributes",
            "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously");
        section.ErrorUnless(all || section.List("ignore_resource_attributes").Count == 0, "ignore_resource_attributes",
            "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true");
        foreach (var key in (ReadOnlySpan<string>)["keep_identifying_resource_attributes", "convert_histograms_to_nhcb",
            "promote_scope_metadata", "label_name_underscore_sanitization", "label_name_preserve_multiple_underscores"])
        {
            section.Flag(key);
        }
        if (section.Find("translation_strategy") is { } value && value.AsText() is { Length: > 0 } strategy)
        {
            CheckStrategy(value, strategy, legacyNames);
        }
        section.Done();
    }

    private static void CheckStrategy(YamlValue value, string strategy, bool legacyNames)
    {
        if (!Strategies.Contains(strategy))
        {
            value.Error($"unsupported OTLP translation strategy {YamlValue.Echo(strategy)}; must be one of: {string.Join(", ", Strategies)}");
        }
        else if (legacyNames && strategy is "NoUTF8EscapingWithSuffixes" or "NoTranslation")
        {
            value.Error($"OTLP translation strategy {YamlValue.Echo(strategy)} is not allowed when UTF8 is disabled");
        }
    }

    private static void CheckAttributes(YamlMappingReader section, string key, string what)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in section.List(key))
        {
            var name = item.AsText()?.Trim();
            if (name?.Length == 0)
            {
                item.Error($"empty {what} OTel resource attribute");
            }
            else if (name is not null && !seen.Add(name))
            {
                item.Error($"duplicated {what} OTel resource attribute {YamlValue.Echo(name)}");
            }
        }
    }
}
