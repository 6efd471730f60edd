using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>The file in which amtool's users keep flags: a flag's name without its dashes, and its value.</summary>
public static class AmtoolFile
{
    /// <summary>What the file says; keys that are no flags are not complained about, as at amtool.</summary>
    /// <exception cref="FormatException">The file cannot be read or is wrong.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        if (!ConfigText.TryRead(path, out var text, out var error))
        {
            throw new FormatException($"{path}: {error}");
        }
        var reading = new ConfigReading(path, text) { IgnoresUnknownKeys = true };
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (YamlTreeBuilder.Build(reading) is { } root && YamlValue.Root(reading, root) is { IsNull: false } value && value.AsMapping() is { } map)
        {
            foreach (var (flag, given) in map.AllEntries())
            {
                flags[flag] = given.AsText() ?? "";
            }
        }
        return reading.Problems.FirstOrDefault(static problem => problem.Severity == ConfigSeverity.Error) is { } problem
            ? throw new FormatException(problem.ToString()) : flags;
    }
}
