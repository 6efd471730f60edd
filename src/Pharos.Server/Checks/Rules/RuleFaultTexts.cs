using System.Globalization;
using System.Text.RegularExpressions;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.Rules;

/// <summary>The faults of a rule file as promtool words them: with the names of group and rule instead of a path.</summary>
internal sealed partial class RuleFaultTexts
{
    private const string UnknownKey = "unknown key ";

    /// <summary>The order of a rule's checks, by words of their messages; labels and templates come last.</summary>
    private static readonly string[] Order =
    [
        "only one of 'record' and 'alert'", "one of 'record' or 'alert'", "field 'expr' must be set", "could not parse expression",
        "'annotations' in recording rule", "'for' in recording rule", "'keep_firing_for' in recording rule", "recording rule name",
    ];

    private const int ExprRank = 2;
    private const int ParseRank = 3;
    private const int TemplateRank = 8;

    private readonly YamlNode? _root;
    private readonly IReadOnlyList<ConfigProblem> _faults;

    private RuleFaultTexts(string text, ConfigFileReport report)
    {
        _faults = [.. report.Problems.Where(static problem => problem.Severity == ConfigSeverity.Error)];
        _root = _faults.Count > 0 ? YamlTreeBuilder.Build(new ConfigReading(report.File, text)) : null;
    }

    /// <param name="text">What the file holds.</param>
    /// <param name="prefix">Stands before each fault: the file's name and a colon, or nothing for standard input.</param>
    public static IReadOnlyList<string> Of(string text, ConfigFileReport report, string prefix)
    {
        if (report.Unreadable is { } reason)
        {
            return [$"{prefix}{reason}"];
        }
        var texts = new RuleFaultTexts(text, report);
        return [.. texts.All().Select(fault => prefix + fault)];
    }

    private IEnumerable<string> All()
    {
        // Decoding comes first and reports all of its faults at once; only what decodes is looked at further.
        var unknown = _faults.Where(static fault => fault.Message.StartsWith(UnknownKey, StringComparison.Ordinal)).ToList();
        if (unknown.Count > 0)
        {
            yield return "yaml: unmarshal errors:" + string.Concat(unknown.Select(static fault =>
                $"\n  line {fault.Line}: field {fault.Path[(fault.Path.LastIndexOf('.') + 1)..]} not found in type {TypeOf(fault.Path)}"));
            yield break;
        }
        foreach (var text in _faults.Select(Place).OrderBy(static fault => (fault.Group, fault.Rule, fault.Rank)).Select(Text).Distinct())
        {
            yield return text;
        }
    }

    /// <summary>Prometheus validates group by group, rule by rule, and a rule in a fixed order.</summary>
    private static Fault Place(ConfigProblem problem)
    {
        var place = PlaceRegex().Match(problem.Path);
        var rank = Array.FindIndex(Order, message => problem.Message.Contains(message, StringComparison.Ordinal));
        return new Fault(problem, Index(place.Groups["group"]), Index(place.Groups["rule"]), rank < 0 ? Order.Length : rank);

        static int Index(Group group) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : -1;
    }

    private string Text(Fault fault)
    {
        var message = fault.Problem.Message;
        if (fault.Group < 0)
        {
            return $"{fault.Problem.Line}:{fault.Problem.Column}: {message}";
        }
        var group = Item(_root, "groups", fault.Group);
        if (fault.Rule < 0)
        {
            return message.Contains("label", StringComparison.Ordinal) ? message : $"{Position(group)}{message}";
        }
        var rule = Item(group, "rules", fault.Rule) as YamlMapping;
        var name = TextOf(rule, "alert") is { Length: > 0 } alert ? alert : TextOf(rule, "record");
        if (fault.Rank == ParseRank && _faults.First(other => other.Path == fault.Problem.Path) is { } first)
        {
            // Of several errors in one expression it says the first.
            message = first.Message;
        }
        var position = fault.Rank switch
        {
            < ExprRank => Position(rule?.Find("record")?.Value) + Position(rule?.Find("alert")?.Value),
            <= ParseRank => Position(rule?.Find("expr")?.Value),
            < TemplateRank => Position(rule?.Find("record")?.Value),
            _ => "",
        };
        return $"{position}group {GoQuote.Quote(TextOf(group, "name"))}, rule {fault.Rule + 1}, {GoQuote.Quote(name)}: {message}";
    }

    /// <summary>What is not there has the position 0:0, as in Prometheus.</summary>
    private static string Position(YamlNode? node) => string.Create(CultureInfo.InvariantCulture, $"{node?.Line ?? 0}:{node?.Column ?? 0}: ");

    private static YamlNode? Item(YamlNode? owner, string key, int index) =>
        owner is YamlMapping map && map.Find(key)?.Value is YamlSequence list && index < list.Items.Count ? list.Items[index] : null;

    private static string TextOf(YamlNode? owner, string key) =>
        (owner as YamlMapping)?.Find(key)?.Value is YamlScalar { IsNull: false } text ? text.Text : "";

    private static string TypeOf(string path) => "rulefmt." + (PlaceRegex().Match(path) switch
    {
        { Success: false } => "RuleGroups",
        { } match when match.Groups["rule"].Success => "Rule",
        _ => "RuleGroup",
    });

    /// <param name="Group">From 0; -1 for the file as a whole.</param>
    /// <param name="Rule">From 0; -1 for the group as a whole.</param>
    private sealed record Fault(ConfigProblem Problem, int Group, int Rule, int Rank);

    [GeneratedRegex(@"^groups\[(?<group>\d+)\](?:\.rules\[(?<rule>\d+)\])?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PlaceRegex();
}
