using Pharos.Collection.Scraping;
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

    /// <summary>How targets are asked to escape names; null where the section says nothing.</summary>
    public static NameEscaping? ReadEscaping(YamlMappingReader section, bool legacy)
    {
        if (section.Find("metric_name_escaping_scheme") is not { } value || value.AsText() is not { Length: > 0 } scheme)
        {
            return null;
        }
        switch (scheme)
        {
            case "allow-utf-8":
                if (legacy)
                {
                    value.Error("utf8 metric names requested but validation scheme is not set to UTF8");
                }
                return NameEscaping.AllowUtf8;
            case "underscores":
                return NameEscaping.Underscores;
            case "dots":
                return NameEscaping.Dots;
            case "values":
                return NameEscaping.Values;
            default:
                value.Error($"unknown metric name escaping scheme {YamlValue.Echo(scheme)}, must be one of " +
                    "'allow-utf-8', 'underscores', 'dots' or 'values'");
                return null;
        }
    }

    /// <summary>A job's own escaping, else the global one where the job's names allow it, else what its names ask for.</summary>
    public static NameEscaping EscapingOf(NameEscaping? own, NameEscaping? inherited, bool legacy) =>
        own ?? (inherited is { } scheme && !(legacy && scheme == NameEscaping.AllowUtf8) ? scheme
            : legacy ? NameEscaping.Underscores : NameEscaping.AllowUtf8);
}
