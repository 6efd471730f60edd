using System.Text.Json;
using System.Text.RegularExpressions;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Tests.PromQL;

/// <summary>Every query of the pack: rules, dashboards, objectives, performance queries.</summary>
public sealed partial class SeedQueryTests
{
    private static readonly string Pack = Path.Combine(FindRoot(), "packs", "progressive-framework");

    public static TheoryData<string> Queries => [.. Yaml().Concat(Dashboards()).Distinct(StringComparer.Ordinal)];

    [Fact]
    public void The_pack_holds_queries() => Assert.InRange(Queries.Count, 40, 1_000);

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_parses_prints_and_parses_again(string query)
    {
        var printed = PromParser.Parse(query).ToString();
        Assert.Equal(printed, PromParser.Parse(printed).ToString());
    }

    private static IEnumerable<string> Yaml()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Pack, "rules")).Append(Path.Combine(Pack, "slos.yml"))
            .Append(Path.Combine(Pack, "performance-queries.yml")))
        {
            var lines = File.ReadAllLines(file);
            for (var i = 0; i < lines.Length; i++)
            {
                var key = QueryKey().Match(lines[i]);
                if (!key.Success)
                {
                    continue;
                }
                var text = key.Groups[2].Value.Trim();
                if (text is "|" or ">" or "|-" or ">-")
                {
                    var indent = key.Groups[1].Length;
                    var block = lines.Skip(i + 1).TakeWhile(line => line.Length - line.TrimStart().Length > indent || line.Trim().Length == 0);
                    text = string.Join('\n', block);
                }
                text = text is ['"', .., '"'] or ['\'', .., '\''] ? text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : text;
                if (text.Trim().Length > 0)
                {
                    yield return text;
                }
            }
        }
    }

    private static IEnumerable<string> Dashboards() =>
        Directory.EnumerateFiles(Path.Combine(Pack, "dashboards"), "*.json")
            .SelectMany(file => Expressions(JsonDocument.Parse(File.ReadAllText(file)).RootElement));

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "expr" ? [property.Value.GetString()!] : Expressions(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Pharos.slnx above the test's folder.");
    }

    [GeneratedRegex(@"^(\s*(?:- )?)(?:expr|query|good_query|total_query|error_query):\s*(.*)$")]
    private static partial Regex QueryKey();
}
