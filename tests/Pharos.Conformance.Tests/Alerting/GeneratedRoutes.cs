using System.Globalization;
using System.Text;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Many routing trees in one alertmanager.yml, each below the label <c>tree</c>, and label sets for each of them.</summary>
internal sealed class GeneratedRoutes(int seed, int trees)
{
    private const int MaxDepth = 3;
    private const int ReceiverCount = 12;

    private static readonly string[] Names = ["severity", "service", "environment", "team", "zone"];

    private static readonly string[] Values =
        ["critical", "warning", "a", "b", "ab", "a b", "äé€", "𝄞", "quo\"te", "back\\slash", "new\nline", "comma,", "{brace}", "'single'", "0"];

    private static readonly string[] Patterns =
        ["critical|warning", "a.*", ".*b", "", "a|", "[^a]*", ".+", "(?i)CRITICAL", "quo\"te|b", "back\\\\slash", "new.line", "\\w+", "a{1,2}b?", "^a$"];

    private readonly Random _random = new(seed);

    public int Trees => trees;

    /// <param name="webhook">Where every receiver sends to.</param>
    public string Yaml(string webhook)
    {
        var text = new StringBuilder("route:\n  receiver: r0\n  group_wait: 1s\n  routes:\n");
        for (var tree = 0; tree < trees; tree++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - matchers: ['tree=\"{tree}\"']\n");
            WriteOptions(text, "    ");
            WriteRoutes(text, "    ", MaxDepth);
        }
        text.Append("receivers:\n");
        for (var i = 0; i < ReceiverCount; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"- name: r{i}\n  webhook_configs: [{{url: '{webhook}'}}]\n");
        }
        return text.ToString();
    }

    public LabelSet Labels(int tree)
    {
        var labels = new LabelSetBuilder();
        labels.Set("alertname", $"A{_random.Next(3)}");
        labels.Set("tree", tree.ToString(CultureInfo.InvariantCulture));
        foreach (var name in Names.Where(_ => _random.Next(3) > 0))
        {
            labels.Set(name, Pick(Values));
        }
        return labels.Build();
    }

    /// <summary>What somebody may take for a matcher.</summary>
    public string MatcherText()
    {
        var name = Pick([.. Names, .. Names, "alertname", "bad-name", "", "é", "_x", "a:b", "9a"]);
        var text = new StringBuilder(Pick(["", "", " ", "\t"])).Append(name).Append(Pick(["", "", " "]));
        text.Append(Pick(["=", "!=", "=~", "!~", "=", "=~", "==", "~", "=!", ""])).Append(Pick(["", "", " "]));
        var isQuoted = _random.Next(2) == 0;
        text.Append(isQuoted ? "\"" : "");
        for (var i = _random.Next(4); i > 0; i--)
        {
            text.Append(Pick(["a", "b", "critical", "\\\"", "\\\\", "\\n", "\"", "\\x", " ", ",", "{", "}", ".*", "[", "é", "'", "`", "|", "\\"]));
        }
        return text.Append(isQuoted && _random.Next(8) > 0 ? "\"" : "").Append(Pick(["", "", "", " "])).ToString();
    }

    private void WriteRoutes(StringBuilder text, string indent, int depth)
    {
        var count = depth == 0 ? 0 : _random.Next(0, 4);
        text.Append(count > 0 ? $"{indent}routes:\n" : "");
        for (var i = 0; i < count; i++)
        {
            text.Append($"{indent}- continue: {(_random.Next(3) == 0 ? "true" : "false")}\n");
            WriteOptions(text, indent + "  ");
            WriteMatchers(text, indent + "  ");
            WriteRoutes(text, indent + "  ", depth - 1);
        }
    }

    private void WriteOptions(StringBuilder text, string indent)
    {
        if (_random.Next(4) > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}receiver: r{_random.Next(ReceiverCount)}\n");
        }
        if (_random.Next(3) == 0)
        {
            text.Append(_random.Next(6) == 0 ? $"{indent}group_by: ['...']\n"
                : $"{indent}group_by: [{string.Join(", ", Names.Where(_ => _random.Next(3) == 0).Append("alertname"))}]\n");
        }
    }

    private void WriteMatchers(StringBuilder text, string indent)
    {
        switch (_random.Next(4))
        {
            case 0:
                text.Append($"{indent}match: {{{Pick(Names)}: {Quote(Pick(Values))}}}\n");
                break;
            case 1:
                text.Append($"{indent}match_re: {{{Pick(Names)}: {Quote(Pick(Patterns))}}}\n");
                break;
            default:
                var matchers = Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Quote(Matcher().ToString()));
                text.Append($"{indent}matchers: [{string.Join(", ", matchers)}]\n");
                break;
        }
    }

    private LabelMatcher Matcher()
    {
        var type = (MatchType)_random.Next(4);
        return new LabelMatcher(type, Pick(Names), Pick(type is MatchType.Regex or MatchType.NotRegex ? Patterns : Values));
    }

    private string Pick(ReadOnlySpan<string> from) => from[_random.Next(from.Length)];

    /// <summary>A YAML text in double quotes.</summary>
    private static string Quote(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + '"';
}
