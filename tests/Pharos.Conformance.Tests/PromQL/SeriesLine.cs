using System.Text.RegularExpressions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>One line of the series notation: labels and points; null is a gap.</summary>
internal sealed partial record SeriesLine(LabelSet Labels, IReadOnlyList<ScriptPoint?> Points)
{
    public const string StartTimeMark = "@st";

    public static SeriesLine Parse(string line)
    {
        var labelsEnd = LabelsEnd(line);
        var points = new List<ScriptPoint?>();
        foreach (Match item in Item().Matches(line[labelsEnd..]))
        {
            AddItem(item.Value, points);
        }
        return new SeriesLine(Labelled(line[..labelsEnd].Trim()), points);
    }

    /// <summary>The items of a line of start times: how far each lies from its sample's time, or null.</summary>
    public static IReadOnlyList<long?> StartOffsets(string line)
    {
        var offsets = new List<long?>();
        var items = line[(LabelsEnd(line) + StartTimeMark.Length)..];
        foreach (var item in items.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var match = StartTimes().Match(item);
            if (!match.Success)
            {
                throw new FormatException($"no start time: {item}");
            }
            var count = match.Groups[3].Success ? int.Parse(match.Groups[3].Value) : 0;
            if (match.Groups[1].Value == "_")
            {
                offsets.AddRange(Enumerable.Repeat<long?>(null, Math.Max(1, count)));
                continue;
            }
            var offset = ScriptEvaluation.Time(match.Groups[1].Value);
            for (var i = 0; i <= count; i++)
            {
                offsets.Add(offset);
                offset += match.Groups[2].Success ? ScriptEvaluation.Time(match.Groups[2].Value) : 0;
            }
        }
        return offsets;
    }

    /// <summary>Whether the line gives start times to the samples of the next one.</summary>
    public static bool HasStartTimes(string line) =>
        line.AsSpan(LabelsEnd(line)).StartsWith(StartTimeMark, StringComparison.Ordinal);

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
            else if (depth == 0 && c == '@')
            {
                return i;
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

    private static void AddItem(string item, List<ScriptPoint?> points)
    {
        if (item == "_")
        {
            points.Add(null);
        }
        else if (Gap().Match(item) is { Success: true } gap)
        {
            points.AddRange(Enumerable.Repeat<ScriptPoint?>(null, int.Parse(gap.Groups[1].Value)));
        }
        else if (Histograms().Match(item) is { Success: true } histograms)
        {
            AddHistograms(histograms, points);
        }
        else if (Repeated().Match(item) is { Success: true } match)
        {
            var value = Number(match.Groups[1].Value);
            var step = match.Groups[2].Success ? Number(match.Groups[2].Value) : 0;
            for (var i = 0; i <= int.Parse(match.Groups[3].Value); i++)
            {
                points.Add(new ScriptPoint(value));
                value += step;
            }
        }
        else
        {
            points.Add(new ScriptPoint(Number(item)));
        }
    }

    private static void AddHistograms(Match match, List<ScriptPoint?> points)
    {
        var text = match.Groups[1].Value;
        var histogram = HistogramNotation.Parse(text);
        var step = match.Groups[3].Success ? HistogramNotation.Parse(match.Groups[3].Value) : null;
        for (var i = 0; i <= (match.Groups[4].Success ? int.Parse(match.Groups[4].Value) : 0); i++)
        {
            points.Add(new ScriptPoint(histogram, text.Contains("counter_reset_hint", StringComparison.Ordinal)));
            if (step is not null)
            {
                histogram = (match.Groups[2].Value == "+" ? histogram.Add(step, out _) : histogram.Subtract(step, out _))
                    ?? throw new FormatException($"histograms do not add up: {match.Value}");
            }
        }
    }

    public static double Number(string text)
    {
        if (text == "stale")
        {
            return StaleMarker.Value;
        }
        var sign = text[0] == '-' ? -1 : 1;
        var bare = text.TrimStart('+', '-');
        if (NumberScanner.TryReadNumber(bare, out var value, out _) || NumberScanner.TryReadDuration(bare, out value))
        {
            return sign * value;
        }
        throw new FormatException($"no number: {text}");
    }

    [GeneratedRegex(@"(?:\{\{[^}]*\}\}|[^\s{])+")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\{\{([^}]*)\}\}(?:([+-])\{\{([^}]*)\}\})?(?:x(\d+))?$")]
    private static partial Regex Histograms();

    [GeneratedRegex(@"^_x(\d+)$")]
    private static partial Regex Gap();

    [GeneratedRegex(@"^(_|[+-]?[0-9][0-9a-wyz]*)([+-][0-9][0-9a-wyz]*)?(?:x(\d+))?$")]
    private static partial Regex StartTimes();

    [GeneratedRegex(@"^([+-]?(?:stale|0x[0-9a-fA-F]+|[0-9.]+(?:[eE][+-]?\d+)?|[iI]nf|NaN))([+-](?:[0-9.]+(?:[eE][+-]?\d+)?|[iI]nf|NaN))?x(\d+)$")]
    private static partial Regex Repeated();
}
