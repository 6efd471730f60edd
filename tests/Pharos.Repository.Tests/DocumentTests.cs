using System.Text.RegularExpressions;

namespace Pharos.Repository.Tests;

/// <summary>What the documents name exists, and what has a fixed form has it.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Kinds = ["FEATURE", "CHANGE", "PERF", "FIX", "SECURITY"];

    /// <summary>All but results of measurements, which hold what programs printed.</summary>
    public static TheoryData<string> Documents => [.. Repository.Tracked()
        .Where(file => file.EndsWith(".md", StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(Repository.Root, file))
        .Where(file => !file.StartsWith(Path.Combine("benchmarks", "results"), StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_somewhere(string document)
    {
        var file = Path.Combine(Repository.Root, document);
        var targets = Link().Matches(File.ReadAllText(file)).Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => target.Length > 0 && !Exists(Path.GetDirectoryName(file)!, target));
        Assert.Empty(targets);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_path_that_a_document_names_exists(string document)
    {
        var file = Path.Combine(Repository.Root, document);
        var text = File.ReadAllText(file);
        var paths = RepositoryPath().Matches(text).Select(match => match.Groups["path"].Value.TrimEnd('.', '/'));
        Assert.DoesNotContain(paths, path => !Exists(Repository.Root, path) && !Exists(Path.GetDirectoryName(file)!, path));
    }

    [Fact]
    public void Every_decision_has_context_decision_and_consequences()
    {
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "decisions"), "*.md"))
        {
            var text = File.ReadAllText(file);
            string[] parts = ["Context", "Decision", "Consequences"];
            if (!DecisionName().IsMatch(Path.GetFileName(file))
                || !Array.TrueForAll(parts, part => text.Contains($"**{part}.**", StringComparison.Ordinal)
                    || text.Contains($"\n## {part}", StringComparison.Ordinal)))
            {
                wrong.Add(Path.GetFileName(file));
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_entry_of_the_changelog_has_a_kind()
    {
        var entries = File.ReadLines(Path.Combine(Repository.Root, "CHANGELOG.md")).Where(line => line.StartsWith('-')).ToArray();
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.Contains(Kinds, kind => entry.StartsWith($"- [{kind}] ", StringComparison.Ordinal)));
    }

    private static bool Exists(string folder, string path) => Path.Exists(Path.Combine(folder, path));

    /// <summary>A link's target without its anchor.</summary>
    [GeneratedRegex(@"\]\((?<target>[^)#\s]*)[^)]*\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    /// <summary>A path from the root or from the document's folder, up to where a placeholder begins.</summary>
    [GeneratedRegex(@"(?<![\w/.-])(?<path>(src|tests|docs|packs|samples|eng|benchmarks|deploy)/[\w./-]*\w)(?![\w<*{$])",
        RegexOptions.ExplicitCapture)]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$", RegexOptions.ExplicitCapture)]
    private static partial Regex DecisionName();
}
