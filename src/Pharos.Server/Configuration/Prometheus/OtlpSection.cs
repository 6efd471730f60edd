using Pharos.Collection.Receivers.Otlp;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>otlp</c>.</summary>
internal static class OtlpSection
{
    private static readonly (string Name, TranslationStrategy Strategy)[] Strategies =
    [
        ("UnderscoreEscapingWithSuffixes", TranslationStrategy.UnderscoreEscapingWithSuffixes),
        ("UnderscoreEscapingWithoutSuffixes", TranslationStrategy.UnderscoreEscapingWithoutSuffixes),
        ("NoUTF8EscapingWithSuffixes", TranslationStrategy.NoUtf8EscapingWithSuffixes),
        ("NoTranslation", TranslationStrategy.NoTranslation),
    ];

    public static OtlpOptions Read(YamlMappingReader section, bool legacyNames)
    {
        var all = section.Flag("promote_all_resource_attributes");
        var promoted = ReadAttributes(section, "promote_resource_attributes", "promoted");
        var ignored = ReadAttributes(section, "ignore_resource_attributes", "ignored");
        section.ErrorUnless(!all || promoted.Count == 0, "promote_resource_attributes",
            "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously");
        section.ErrorUnless(all || ignored.Count == 0, "ignore_resource_attributes",
            "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true");
        var options = new OtlpOptions
        {
            Strategy = section.Find("translation_strategy") is { } value && value.AsText() is { Length: > 0 } strategy
                ? ReadStrategy(value, strategy, legacyNames) : TranslationStrategy.UnderscoreEscapingWithSuffixes,
            PromoteAllResourceAttributes = all,
            PromoteResourceAttributes = promoted,
            IgnoreResourceAttributes = ignored,
            KeepIdentifyingResourceAttributes = section.Flag("keep_identifying_resource_attributes"),
            ConvertHistogramsToNhcb = section.Flag("convert_histograms_to_nhcb"),
            PromoteScopeMetadata = section.Flag("promote_scope_metadata"),
            LabelNameUnderscoreSanitization = section.Flag("label_name_underscore_sanitization", true),
            LabelNamePreserveMultipleUnderscores = section.Flag("label_name_preserve_multiple_underscores", true),
        };
        section.Done();
        return options;
    }

    private static TranslationStrategy ReadStrategy(YamlValue value, string text, bool legacyNames)
    {
        var at = Array.FindIndex(Strategies, strategy => strategy.Name == text);
        if (at < 0)
        {
            value.Error($"unsupported OTLP translation strategy {YamlValue.Echo(text)}; must be one of: "
                + string.Join(", ", Strategies.Select(strategy => strategy.Name)));
            return TranslationStrategy.UnderscoreEscapingWithSuffixes;
        }
        if (legacyNames && Strategies[at].Strategy is TranslationStrategy.NoUtf8EscapingWithSuffixes or TranslationStrategy.NoTranslation)
        {
            value.Error($"OTLP translation strategy {YamlValue.Echo(text)} is not allowed when UTF8 is disabled");
        }
        return Strategies[at].Strategy;
    }

    private static HashSet<string> ReadAttributes(YamlMappingReader section, string key, string what)
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
        return seen;
    }
}
