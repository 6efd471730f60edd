using System.Text;
using Pharos.Alerting.Routing;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Fuzz.Targets;

/// <summary>Matchers in Alertmanager's notations and as PromQL's <c>match[]</c>.</summary>
internal sealed class MatcherTarget : FuzzTarget
{
    public override string Name => "matchers";

    /// <summary>Each matcher may hold a regular expression, and is read six times.</summary>
    public override TimeSpan MaxTime => TimeSpan.FromSeconds(15);

    /// <inheritdoc cref="MaxTime"/>
    public override long BytesPerInputByte => 100_000;

    public override IReadOnlyList<string> Tokens =>
    [
        "{", "}", "=", "!=", "=~", "!~", "\"", "'", "`", "\\", "\\\"", ",", " ", "a", "alertname", "__name__", "\"u t f\"", "(", ")", "[", ".*", "|", "\n", "\u00fc", "\\u00fc", "\\n", "#",
    ];

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var shape = "";
        foreach (var mode in Enum.GetValues<MatcherMode>())
        {
            foreach (var result in new[] { MatcherParser.ParseAll(text, mode), MatcherParser.ParseOne(text, mode) })
            {
                shape += Shape.Of(result.Matchers.Count) + Shape.Of(result.Error ?? "");
                if (result.Error is null && result.Matchers.Count > 0)
                {
                    CheckPrinting(result);
                }
            }
        }
        try
        {
            return shape + Shape.Of(PromParser.ParseMetricSelector(text).Count);
        }
        catch (PromParseException bad)
        {
            return shape + Shape.Of(bad.Message);
        }
    }

    private static void CheckPrinting(MatcherParseResult result)
    {
        var printed = $"{{{string.Join(",", result.Matchers)}}}";
        var again = MatcherParser.ParseAll(printed, MatcherMode.Utf8Strict);
        if (again.Error is not null || !again.Matchers.SequenceEqual(result.Matchers))
        {
            throw new BrokenPromiseException($"matchers that were printed are others: {printed}: {again.Error}");
        }
    }
}
