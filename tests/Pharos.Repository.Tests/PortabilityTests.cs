using System.Text.RegularExpressions;

namespace Pharos.Repository.Tests;

/// <summary>Nothing in the repository knows the machine that it was written on.</summary>
public sealed partial class PortabilityTests
{
    private static readonly string[] TextKinds =
        [".cs", ".csproj", ".props", ".slnx", ".json", ".md", ".yml", ".yaml", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".txt", ""];

    [Fact]
    public void No_file_names_a_machines_folder_or_the_host_of_a_registry() => Assert.Empty(Repository.Tracked()
        .Where(file => TextKinds.Contains(Path.GetExtension(file), StringComparer.Ordinal))
        .Where(file => Path.GetFileName(file) != "PortabilityTests.cs")
        .SelectMany(file => File.ReadLines(file).Index()
            .Where(line => Machine().IsMatch(line.Item))
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}")));

    [Theory]
    [InlineData("web")]
    [InlineData("tests/clients")]
    public void The_package_lock_names_no_place_to_load_from(string folder)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, folder, "package-lock.json"));
        Assert.Contains("\"integrity\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"resolved\"", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<![\w.])/(root|work|tmp/bash_jobs)/|registry\.npmjs\.|api\.nuget\.org|pypi\.org|artifactory", RegexOptions.ExplicitCapture)]
    private static partial Regex Machine();
}
