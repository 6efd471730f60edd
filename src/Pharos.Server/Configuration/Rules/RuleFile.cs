using Pharos.Alerting.Rules;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Rules;

/// <summary>Reads rule files; finds what <c>promtool check rules</c> finds; never throws.</summary>
internal static class RuleFile
{
    public static RuleReadResult Read(string path, RuleDefaults defaults, bool ignoreUnknownKeys = false) =>
        ConfigText.TryRead(path, out var text, out var error) ? ReadText(path, text, defaults, ignoreUnknownKeys)
            : new RuleReadResult([], new ConfigFileReport { File = path, Kind = ConfigFileKind.Rules, Unreadable = error });

    public static RuleReadResult ReadText(string path, string text, RuleDefaults defaults, bool ignoreUnknownKeys = false)
    {
        var reading = new ConfigReading(path, text) { IgnoresUnknownKeys = ignoreUnknownKeys };
        var groups = new List<RuleGroupOptions>();
        if (YamlTreeBuilder.Build(reading) is { } root && YamlValue.Root(reading, root) is { IsNull: false } value &&
            value.AsMapping() is { } file)
        {
            var section = new RuleGroupSection(defaults);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in file.List("groups"))
            {
                if (entry.AsMapping() is { } map && section.Read(map) is { } group)
                {
                    if (!names.Add(group.Name))
                    {
                        map.ErrorAt("name", $"groupname: {YamlValue.Echo(group.Name)} is repeated in the same file");
                    }
                    groups.Add(group);
                }
            }
            file.Done();
            section.WarnOfDuplicates();
        }
        return new RuleReadResult(reading.HasErrors ? [] : groups, ConfigFileReport.Of(reading, ConfigFileKind.Rules));
    }
}
