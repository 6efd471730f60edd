using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Pharos.Repository.Tests;

/// <summary>Holds the arrows between the projects: what may reference what, and nothing upwards.</summary>
public sealed partial class LayerTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Pharos.Storage"] = [],
        ["Pharos.Query"] = ["Pharos.Storage"],
        ["Pharos.Collection"] = ["Pharos.Storage", "Pharos.Query"],
        ["Pharos.Alerting"] = ["Pharos.Storage", "Pharos.Query"],
        ["Pharos.Server"] = ["Pharos.Storage", "Pharos.Query", "Pharos.Collection", "Pharos.Alerting"],
        ["Pharos.Cli"] = ["Pharos.Server", "Pharos.Storage", "Pharos.Query", "Pharos.Collection", "Pharos.Alerting"],
        ["Pharos.Instrumentation"] = [],
    };

    /// <summary>Namespaces that a layer promises not to know.</summary>
    private static readonly Dictionary<string, string[]> Forbidden = new(StringComparer.Ordinal)
    {
        ["Pharos.Storage"] = ["Microsoft.AspNetCore", "System.Net.Http", "Microsoft.Extensions.DependencyInjection"],
        ["Pharos.Query"] = ["Microsoft.AspNetCore", "System.Net.Http"],
        ["Pharos.Collection"] = ["Microsoft.AspNetCore"],
        ["Pharos.Alerting"] = ["Microsoft.AspNetCore"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_point_downwards(string project)
    {
        var file = Path.Combine(Repository.Root, "src", project, $"{project}.csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
        Assert.Empty(references.Except(Allowed[project], StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Usings_stay_inside_the_layer(string project)
    {
        var wrong = new List<string>();
        foreach (var file in Repository.Sources($"src/{project}"))
        {
            foreach (var name in UsingLine().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value))
            {
                var ours = name.StartsWith("Pharos.", StringComparison.Ordinal)
                    ? string.Join('.', name.Split('.').Take(2)) : null;
                var upwards = ours is not null && ours != project && !Allowed[project].Contains(ours, StringComparer.Ordinal);
                var banned = Forbidden.GetValueOrDefault(project, [])
                    .Any(prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal));
                if (upwards || banned)
                {
                    wrong.Add($"{Path.GetRelativePath(Repository.Root, file)}: using {name}");
                }
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_the_store_may_be_unsafe()
    {
        var unsafeProjects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("<AllowUnsafeBlocks>true", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["Pharos.Storage"], unsafeProjects);
    }

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(?<name>[A-Za-z][\w.]*);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UsingLine();
}
