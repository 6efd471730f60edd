using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Series;

/// <summary>The notation by which test scripts and rule tests write series: labels, then points at equal distances.</summary>
/// <remarks>Points: <c>1</c>, <c>_</c> (gap), <c>stale</c>, <c>{{...}}</c> (histogram); <c>_x3</c> is three gaps, <c>1x3</c> one
/// point and three like it, <c>1+2x3</c> and <c>1-2x3</c> three more, each that much more or less than the one before.</remarks>
public sealed record SeriesDescription(LabelSet Labels, IReadOnlyList<SeriesPoint> Points)
{
    /// <summary>Reads labels and points from one text.</summary>
    /// <exception cref="FormatException">It is not in the notation; the message says where.</exception>
    public static SeriesDescription Parse(string text)
    {
        var end = LabelsEnd(text);
        return new SeriesDescription(ParseLabels(text[..end]), ParsePoints(text[end..], end));
    }

    /// <exception cref="FormatException">They are not in the notation; the message says where.</exception>
    /// <param name="offset">How many characters stand before the text where the message counts from.</param>
    public static IReadOnlyList<SeriesPoint> ParsePoints(string text, int offset = 0) => new SeriesPointParser(text, offset).All();

    /// <summary>Reads <c>name{a="b"}</c>, a name alone, or braces alone.</summary>
    /// <exception cref="FormatException">It is no label set.</exception>
    public static LabelSet ParseLabels(string text)
    {
        text = text.Trim();
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        var name = (brace < 0 ? text : text[..brace]).Trim();
        if (name.Length > 0 && !MetricNames.IsLegacyValid(name))
        {
            throw new FormatException($"unexpected {name} where a metric's name should be");
        }
        var builder = new LabelSetBuilder().Set(Label.MetricName, name);
        if (brace >= 0)
        {
            if (!text.EndsWith('}'))
            {
                throw new FormatException($"unexpected end of input inside braces: {text}");
            }
            AddLabels(name, text[(brace + 1)..^1], builder);
        }
        return builder.Build();
    }

    private static void AddLabels(string name, string inside, LabelSetBuilder builder)
    {
        if (inside.Trim().Length == 0)
        {
            return;
        }
        IReadOnlyList<LabelMatcher> matchers;
        try
        {
            // A selector must not be empty and a set of labels may: the first matcher makes one of the other.
            const string Filler = "__filler__";
            matchers = name.Length > 0 ? PromParser.ParseMetricSelector($"{name}{{{inside}}}")
                : [.. PromParser.ParseMetricSelector($"{{{Filler}=\"x\",{inside}}}").Where(static matcher => matcher.Name != Filler)];
        }
        catch (PromParseException e)
        {
            throw new FormatException(e.Message, e);
        }
        foreach (var matcher in matchers)
        {
            if (matcher.Type != Storage.Model.MatchType.Equal)
            {
                throw new FormatException($"unexpected {LabelMatcher.Symbol(matcher.Type)} in label set, expected \"=\"");
            }
            builder.Set(matcher.Name, matcher.Value);
        }
    }

    /// <summary>Where the labels end: after the closing brace, or after the name where no brace follows it.</summary>
    private static int LabelsEnd(string text)
    {
        var i = 0;
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }
        while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] != '{')
        {
            i++;
        }
        var next = i;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }
        var isBrace = next < text.Length && text[next] == '{' && !(next + 1 < text.Length && text[next + 1] == '{');
        return isBrace ? BraceEnd(text, next) : i;
    }

    private static int BraceEnd(string text, int at)
    {
        var quote = '\0';
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quote != '\0')
            {
                at += c == '\\' && quote != '`' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'' or '`')
            {
                quote = c;
            }
            else if (c == '}')
            {
                return at + 1;
            }
        }
        return text.Length;
    }
}
