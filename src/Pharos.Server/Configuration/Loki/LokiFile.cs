using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads <c>loki.yml</c>; never throws. Keys of every version of Loki are known; those that mean nothing here are accepted with
/// one line each that says what happens instead.</summary>
internal static class LokiFile
{
    public static LokiReadResult Read(string path, ConfigEnvironment? environment = null) =>
        ConfigText.TryRead(path, out var text, out var error) ? ReadText(path, text, environment)
            : new LokiReadResult(null, new ConfigFileReport { File = path, Kind = ConfigFileKind.Loki, Unreadable = error });

    public static LokiReadResult ReadText(string path, string text, ConfigEnvironment? environment = null)
    {
        var reading = new ConfigReading(path, LokiVariables.Expand(text, (environment ?? ConfigEnvironment.Process).Variable));
        LokiConfig? config = null;
        if (YamlTreeBuilder.Build(reading) is not { } root || YamlValue.Root(reading, root).IsNull)
        {
            config = LokiConfig.Default;
        }
        else if (YamlValue.Root(reading, root).AsMapping() is { } file)
        {
            config = Read(file);
        }
        return new LokiReadResult(reading.HasErrors ? null : config, ConfigFileReport.Of(reading, ConfigFileKind.Loki));
    }

    private static LokiConfig Read(YamlMappingReader file)
    {
        var config = new LokiConfig { AuthEnabled = file.Flag("auth_enabled", true) };
        var rules = file.Mapping("common") is { } common ? CommonSection.Read(common) : "";
        if (file.Mapping("limits_config") is { } limits)
        {
            config = config with { Limits = LimitsSection.Read(limits, LokiLimits.Default) };
        }
        config = config with
        {
            Ruler = file.Mapping("ruler") is { } ruler ? RulerSection.Read(ruler, rules)
                : LokiRulerConfig.Default with { Directory = file.Reading.Resolve(rules) },
        };
        config = ReaderSections.Read(file, config);
        config = StoreSections.Read(file, config);
        config = DistributorSection.Read(file, config);
        ServerSection.Check(file);
        ObsoleteSections.Accept(file);
        file.Done();
        return config;
    }
}
