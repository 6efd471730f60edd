using Pharos.Collection.Receivers.Loki.Otlp;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads <c>otlp_config</c>.</summary>
internal static class OtlpConfigSection
{
    public static OtlpLogOptions Read(YamlMappingReader section)
    {
        var resource = new List<OtlpAttributeRule>();
        var ignoresDefaults = false;
        if (section.Mapping("resource_attributes") is { } attributes)
        {
            ignoresDefaults = attributes.Flag("ignore_defaults");
            resource.AddRange(ReadRules(attributes, "attributes_config", mayIndex: true));
            attributes.Done();
        }
        if (!ignoresDefaults)
        {
            resource.Add(OtlpLogOptions.DefaultIndexLabels);
        }
        var options = new OtlpLogOptions
        {
            ResourceAttributes = resource,
            ScopeAttributes = ReadRules(section, "scope_attributes", mayIndex: false),
            LogAttributes = ReadRules(section, "log_attributes", mayIndex: false),
            SeverityTextAsLabel = section.Flag("severity_text_as_label"),
        };
        section.Done();
        return options;
    }

    private static List<OtlpAttributeRule> ReadRules(YamlMappingReader section, string key, bool mayIndex) =>
        [.. section.List(key).Select(item => ReadRule(item, mayIndex)).OfType<OtlpAttributeRule>()];

    private static OtlpAttributeRule? ReadRule(YamlValue item, bool mayIndex)
    {
        if (item.AsMapping() is not { } section)
        {
            return null;
        }
        var action = ReadAction(section, mayIndex);
        var names = section.Texts("attributes");
        GoRegex? regex = null;
        if (section.Find("regex") is { } value && value.AsText() is { Length: > 0 } text)
        {
            try
            {
                regex = GoRegex.Anchored(text);
            }
            catch (GoRegexException e)
            {
                value.Error(e.Message);
            }
        }
        section.ErrorUnless(
            names.Count > 0 != regex is not null, "attributes", "either 'attributes' or 'regex' must be set");
        section.Done();
        return action is { } known ? new OtlpAttributeRule(known, names, regex) : null;
    }

    private static OtlpAttributeAction? ReadAction(YamlMappingReader section, bool mayIndex)
    {
        var text = section.Text("action");
        OtlpAttributeAction? action = text switch
        {
            "index_label" when mayIndex => OtlpAttributeAction.IndexLabel,
            "structured_metadata" => OtlpAttributeAction.StructuredMetadata,
            "drop" => OtlpAttributeAction.Drop,
            _ => null,
        };
        section.ErrorUnless(
            action is not null, "action",
            $"{YamlValue.Echo(text)} is none of {(mayIndex ? "index_label, " : "")}structured_metadata, drop");
        return action;
    }
}
