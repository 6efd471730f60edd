using System.Text.RegularExpressions;

namespace Pharos.Repository.Tests;

/// <summary>A folder is a namespace, and no folder grows past what a reader can overlook.</summary>
public sealed partial class LayoutTests
{
    private const int MaxFiles = 25;

    /// <summary>Counted from <c>src</c>: the project, and three folders in it.</summary>
    private const int MaxDepth = 4;

    /// <summary>Folders that hold one small file for each of many alike things; each has its own ceiling.</summary>
    private static readonly Dictionary<string, int> Crowded = new(StringComparer.Ordinal)
    {
        ["src/Pharos.Query/PromQL/Syntax"] = 45,
        ["src/Pharos.Query/PromQL/Evaluation"] = 30,
        ["src/Pharos.Server/Configuration/Prometheus"] = 40,
        ["src/Pharos.Collection/Scraping"] = 35,
    };

    [Theory]
    [InlineData("src")]
    [InlineData("samples")]
    [InlineData("tests")]
    public void A_namespace_is_its_folder(string root)
    {
        var wrong = new List<string>();
        foreach (var file in Repository.Sources(root))
        {
            var folder = Path.GetRelativePath(Path.Combine(Repository.Root, root), Path.GetDirectoryName(file)!)
                .Replace(Path.DirectorySeparatorChar, '.');
            var found = NamespaceLine().Match(File.ReadAllText(file)).Groups["name"].Value;
            if (found.Length > 0 && found != folder)
            {
                wrong.Add($"{Path.GetRelativePath(Repository.Root, file)}: namespace {found}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_folder_is_crowded() => Assert.Empty(Folders()
        .Select(folder => (Name: folder.Key, Count: folder.Count()))
        .Where(folder => folder.Count > Crowded.GetValueOrDefault(folder.Name, MaxFiles))
        .Select(folder => $"{folder.Name}: {folder.Count} files"));

    [Fact]
    public void No_folder_lies_too_deep() => Assert.DoesNotContain(
        Folders().Select(folder => folder.Key), name => name.Split('/').Length - 1 > MaxDepth);

    private static IEnumerable<IGrouping<string, string>> Folders() => Repository.Sources("src").GroupBy(
        file => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '/'),
        StringComparer.Ordinal);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceLine();
}
