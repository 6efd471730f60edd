using System.Text;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Configuration.Rules;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Logs;

/// <summary>Rules on logs as files: a namespace is a file, in a folder for each tenant. Those that came over the API lie in the data
/// folder; those of the ruler's own folder can be read only.</summary>
internal sealed class LogRuleFolder(string? dataPath, Func<LokiConfig> config)
{
    private const string Folder = "log-rules";

    /// <summary>The longest name of a namespace.</summary>
    private const int MaxNameLength = 128;

    public static string? Of(string? dataPath) => dataPath is null ? null : Path.Combine(dataPath, Folder);

    /// <summary>The groups of every namespace of a tenant, as they stand in the files.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<YamlMapping>> Read(string tenant)
    {
        var namespaces = new SortedDictionary<string, IReadOnlyList<YamlMapping>>(StringComparer.Ordinal);
        // Loki calls a namespace of the ruler's folder as its file, one that came over the API as the client did.
        var files = LokiRuleFiles.Files(config().Ruler.Directory).Select(static file => (file.Tenant, file.File, Name: Path.GetFileName(file.File)))
            .Concat(LokiRuleFiles.Files(Of(dataPath) ?? "").Select(static file => (file.Tenant, file.File, Name: NamespaceOf(file.File))));
        foreach (var (owner, file, name) in files)
        {
            if (owner == tenant)
            {
                namespaces[name] = [.. namespaces.GetValueOrDefault(name, []), .. GroupsOf(file)];
            }
        }
        return namespaces;
    }

    /// <summary>Reads a group as a client wrote it.</summary>
    /// <returns>Null where <paramref name="problems"/> says what is wrong.</returns>
    public YamlMapping? Parse(string tenant, string text, out string problems)
    {
        var reading = new ConfigReading("rule group", text);
        var defaults = LokiRuleFiles.DefaultsOf(config(), tenant);
        if (YamlTreeBuilder.Build(reading) is YamlMapping group && YamlValue.Root(reading, group).AsMapping() is { } map
            && new RuleGroupSection(defaults).Read(map) is not null && !reading.HasErrors)
        {
            problems = "";
            return group;
        }
        problems = reading.HasErrors ? string.Join("; ", reading.Problems.Select(static problem => problem.Message)) : "a rule group is a mapping with a name";
        return null;
    }

    /// <summary>Puts a group into a namespace, in place of the one of the same name.</summary>
    /// <returns>Undoes it.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Action Set(string tenant, string name, YamlMapping group) =>
        Write(FileOf(tenant, name), [.. GroupsOf(FileOf(tenant, name)).Where(known => NameOf(known) != NameOf(group)), group]);

    /// <summary>Takes a group away, or all of a namespace.</summary>
    /// <returns>Undoes it; null where there is none that came over the API.</returns>
    public Action? Remove(string tenant, string name, string? group)
    {
        var file = FileOf(tenant, name);
        var groups = GroupsOf(file);
        var left = group is null ? [] : groups.Where(known => NameOf(known) != group).ToList();
        return groups.Count == 0 || left.Count == groups.Count ? null : Write(file, left);
    }

    /// <summary>A name that can be a file's.</summary>
    public static bool IsNamespace(string name) => name.Length is > 0 and <= MaxNameLength && name[0] != '.'
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ' ');

    public static string NameOf(YamlMapping group) => group.Find("name")?.Value is YamlScalar name ? name.Text : "";

    /// <summary>Of what <see cref="FileOf"/> named.</summary>
    private static string NamespaceOf(string file) => Path.GetFileNameWithoutExtension(file);

    private string FileOf(string tenant, string name) =>
        Path.Combine(Of(dataPath) ?? throw new IOException("the server keeps nothing on disk: rules cannot be stored"), tenant, $"{name}.yaml");

    private static IReadOnlyList<YamlMapping> GroupsOf(string file) => ConfigText.TryRead(file, out var text, out _)
        && YamlTreeBuilder.Build(new ConfigReading(file, text)) is YamlMapping root && root.Find("groups")?.Value is YamlSequence groups
        ? [.. groups.Items.OfType<YamlMapping>()] : [];

    private static Action Write(string file, IReadOnlyList<YamlMapping> groups)
    {
        var before = File.Exists(file) ? File.ReadAllBytes(file) : null;
        if (groups.Count == 0)
        {
            File.Delete(file);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var text = new StringBuilder("groups:\n");
            foreach (var group in groups)
            {
                YamlText.WriteItem(text, group, 0);
            }
            File.WriteAllText(file, text.ToString());
        }
        return () =>
        {
            if (before is null)
            {
                File.Delete(file);
            }
            else
            {
                File.WriteAllBytes(file, before);
            }
        };
    }
}
