using System.Text.RegularExpressions;

namespace Pharos.Repository.Tests;

/// <summary>Rules of style that a program can check.</summary>
public sealed partial class StyleTests
{
    /// <summary>A file beyond this is split; it is meant to be looked at long before.</summary>
    private const int MaxLines = 500;

    /// <summary>The formatter's aim is 120; what is longer than this reads badly everywhere.</summary>
    private const int MaxColumns = 160;

    private static readonly string[] Folders = ["src", "samples"];

    [Fact]
    public void No_source_file_is_too_long() => Assert.Empty(
        Sources().Where(file => File.ReadLines(file).Count() > MaxLines).Select(Name));

    /// <summary>A template's own line, as it is sent, cannot be broken.</summary>
    [Fact]
    public void No_source_line_is_too_wide() => Assert.Empty(
        Sources().SelectMany(file => File.ReadLines(file).Index()
            .Where(line => line.Item.Length > MaxColumns && !line.Item.Contains("<a href=", StringComparison.Ordinal))
            .Select(line => $"{Name(file)}:{line.Index + 1}")));

    [Fact]
    public void No_type_hides_behind_an_empty_word() => Assert.Empty(
        Sources().SelectMany(file => VagueType().Matches(File.ReadAllText(file)).Select(match => $"{Name(file)}: {match.Groups["name"].Value}")));

    [Fact]
    public void No_regions_and_no_loose_ends() => Assert.Empty(
        Sources().Where(file => LooseEnd().IsMatch(File.ReadAllText(file))).Select(Name));

    [Fact]
    public void Every_type_that_the_architecture_names_exists()
    {
        var sources = string.Join('\n', Sources().Select(File.ReadAllText));
        var names = CodeWord().Matches(File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md")))
            .Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);
        var missing = names.Where(name => Type.GetType($"System.{name}") is null && !Declares(sources, name)
            && !File.Exists(Path.Combine(Repository.Root, "tests", "Pharos.Repository.Tests", $"{name}.cs"))).ToArray();
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Sources() => Folders.SelectMany(Repository.Sources);

    private static bool Declares(string sources, string name) => Regex.IsMatch(
        sources, $@"\b(class|record|struct|interface|enum) {name}\b", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static string Name(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"\b(class|record|struct|interface) (?<name>\w+(Helpers?|Utils?|Utilities|Manager|Impl|Base|Common))\b",
        RegexOptions.ExplicitCapture)]
    private static partial Regex VagueType();

    [GeneratedRegex(@"^\s*#region|\bFIXME\b|\bXXX\b|\bTODO\b", RegexOptions.Multiline)]
    private static partial Regex LooseEnd();

    [GeneratedRegex("`(?<name>I?[A-Z][a-z]+[A-Z][A-Za-z]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex CodeWord();
}
