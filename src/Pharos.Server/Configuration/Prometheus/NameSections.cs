using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads which names are valid and how others are escaped, in <c>global</c> and in each job.</summary>
internal static class NameSections
{
    public static bool? ReadLegacyNames(YamlMappingReader section)
    {
        if (section.Find("metric_name_validation_scheme") is not { } value || value.AsText() is not { Length: > 0 } scheme)
        {
            return null;
        }
        if (scheme is not ("utf8" or "legacy"))
        {
            value.Error($"unknown metric name validation scheme {YamlValue.Echo(scheme)}, must be either 'legacy' or 'utf8'");
        }
        return scheme == "legacy";
    }

    public static void CheckEscaping(YamlMappingReader section, bool legacy)
    {
        if (section.Find("metric_name_escaping_scheme") is not { } value || value.AsText() is not { Length: > 0 } scheme)
        {
            return;
        }
        switch (scheme)
        {
            case "allow-utf-8" when legacy:
                value.Error("utf8 metric names requested but validation scheme is not set to UTF8");
                break;
            case "allow-utf-8":
                break;
            case "underscores" or "dots" or "values":
                section.KeyOf("metric_name_escaping_scheme")!.NotHonoured("targets are not asked to escape names yet");
                break;
            default:
                value.Error($"unknown metric name escaping scheme {YamlValue.Echo(scheme)}, must be one of " +
                    "'allow-utf-8', 'underscores', 'dots' or 'values'");
                break;
        }
    }
}
