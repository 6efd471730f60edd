using System.Text.RegularExpressions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>One line of the series notation: labels and points; null is a gap.</summary>
/// <param name="HasHistograms">Points in double braces were left out.</param>
internal sealed partial record SeriesLine(LabelSet Labels, IReadOnlyList<double?> Points, bool HasHistograms)
{
    public static SeriesLine Parse(string line)
    {
        var labelsEnd = LabelsEnd(line);
        var rest = line[labelsEnd..];
        var histograms = rest.Contains("{{", StringComparison.Ordinal);
        // A histogram and its repetition stand for gaps, so that later points keep their times.
        rest = Histogram().Replace(rest, match => match.Groups[1].Success ? $"_x{int.Parse(match.Groups[1].Value) + 1}" : "_");
        var points = new List<double?>();
        foreach (var item in rest.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            AddItem(item, points);
        }
        return new SeriesLine(Labelled(line[..labelsEnd].Trim()), points, histograms);
    }

    private static int LabelsEnd(string line)
    {
        var quote = '\0';
        var depth = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '{')
            {
                depth++;
            }
            else if (c == '}' && --depth == 0)
            {
                return i + 1;
            }
            else if (depth == 0 && (c is ' ' or '\t') && line[i..].TrimStart() is not ['{', not '{', ..])
            {
                return i;
            }
        }
        return line.Length;
    }

    private static LabelSet Labelled(string text)
    {
        if (text is "{}" or "")
        {
            return LabelSet.Empty;
        }
        // Names may be keywords here, and a set may be all empty: braces with a name inside always parse.
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        var name = (brace < 0 ? text : text[..brace]).Trim();
        var inside = brace < 0 ? "" : text[(brace + 1)..text.LastIndexOf('}')];
        var matchers = inside.Trim().Length == 0 ? [] : PromParser.ParseMetricSelector($"{{__parse__=\"1\",{inside}}}");
        var builder = new LabelSetBuilder().Set(Label.MetricName, name);
        foreach (var matcher in matchers.Where(matcher => matcher.Name != "__parse__"))
        {
            builder.Set(matcher.Name, matcher.Value);
        }
        return builder.Build();
    }

    private static void AddItem(string item, List<double?> points)
    {
        if (item == "_")
        {
            points.Add(null);
            return;
        }
        var gap = Gap().Match(item);
        if (gap.Success)
        {
            points.AddRange(Enumerable.Repeat<double?>(null, int.Parse(gap.Groups[1].Value)));
            return;
        }
        var match = Repeated().Match(item);
        if (match.Success)
        {
            var value = Number(match.Groups[1].Value);
            var step = match.Groups[2].Success ? Number(match.Groups[2].Value) : 0;
            for (var i = 0; i <= int.Parse(match.Groups[3].Value); i++)
            {
                points.Add(value);
                value += step;
            }
            return;
        }
        points.Add(Number(item));
    }

    public static double Number(string text)
    {
        if (text == "stale")
        {
            return StaleMarker.Value;
        }
        var sign = text[0] == '-' ? -1 : 1;
        var bare = text.TrimStart('+', '-');
        if (NumberScanner.TryReadNumber(bare, out var value) || NumberScanner.TryReadDuration(bare, out value))
        {
            return sign * value;
        }
        throw new FormatException($"no number: {text}");
    }

    [GeneratedRegex(@"\{\{[^}]*\}\}(?:[+-]\{\{[^}]*\}\})?(?:x(\d+))?")]
    private static partial Regex Histogram();

    [GeneratedRegex(@"^_x(\d+)$")]
    private static partial Regex Gap();

    [GeneratedRegex(@"^([+-]?(?:stale|0x[0-9a-fA-F]+|[0-9.]+(?:[eE][+-]?\d+)?|[iI]nf|NaN))([+-](?:[0-9.]+(?:[eE][+-]?\d+)?|[iI]nf|NaN))?x(\d+)$")]
    private static partial Regex Repeated();
}
