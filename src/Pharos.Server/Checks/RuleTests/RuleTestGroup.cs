using System.Globalization;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>Series, and what rules and expressions must make of them.</summary>
internal sealed record RuleTestGroup
{
    public required string Name { get; init; }

    /// <summary>Between the points of the series.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The time of the first point and of evaluation 0.</summary>
    public required DateTimeOffset Start { get; init; }

    public required IReadOnlyList<(string Series, string Values)> InputSeries { get; init; }

    public required IReadOnlyList<AlertTest> AlertTests { get; init; }

    public required IReadOnlyList<ExprTest> ExprTests { get; init; }

    public required LabelSet ExternalLabels { get; init; }

    public required string ExternalUrl { get; init; }

    /// <summary>The last time, from the start, that a test asks for.</summary>
    public TimeSpan MaxEvalTime => AlertTests.Select(static test => test.EvalTime)
        .Concat(ExprTests.Select(static test => test.EvalTime)).DefaultIfEmpty(TimeSpan.Zero).Max();

    public static RuleTestGroup Read(YamlMappingReader map, TimeSpan evaluationInterval)
    {
        var interval = map.Duration("interval");
        var group = new RuleTestGroup
        {
            Name = map.Text("name"),
            Interval = interval > TimeSpan.Zero ? interval : evaluationInterval,
            Start = ReadStart(map),
            InputSeries = Each(map, "input_series", static entry => (entry.Text("series"), entry.Text("values"))),
            AlertTests = Each(map, "alert_rule_test", static entry => new AlertTest(entry.Duration("eval_time"),
                entry.Text("alertname"), Each(entry, "exp_alerts", static alert =>
                    new ExpectedAlert(Labels(alert, "exp_labels"), Annotations(alert))))),
            ExprTests = Each(map, "promql_expr_test", static entry => new ExprTest(entry.Text("expr"), entry.Duration("eval_time"),
                Each(entry, "exp_samples", static sample =>
                    new ExpectedSample(sample.Text("labels"), sample.Number("value"), sample.Text("histogram"))))),
            ExternalLabels = Labels(map, "external_labels"),
            ExternalUrl = map.Text("external_url"),
        };
        map.Done();
        return group;
    }

    private static List<T> Each<T>(YamlMappingReader map, string key, Func<YamlMappingReader, T> read)
    {
        var items = new List<T>();
        foreach (var value in map.List(key))
        {
            if (value.AsMapping() is { } entry)
            {
                items.Add(read(entry));
                entry.Done();
            }
        }
        return items;
    }

    private static LabelSet Labels(YamlMappingReader map, string key) => LabelSet.From(map.Entries(key)
        .Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.AsText() ?? "")));

    /// <summary>An annotation may be empty.</summary>
    private static LabelSet Annotations(YamlMappingReader alert) => LabelSet.OfTexts(alert.Entries("exp_annotations")
        .Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.AsText() ?? "")));

    private static DateTimeOffset ReadStart(YamlMappingReader map)
    {
        if (map.Find("start_timestamp") is not { } value || value.AsText() is not { } text)
        {
            return DateTimeOffset.UnixEpoch;
        }
        if (GoFloat.TryParse(text, out var seconds) && Math.Abs(seconds) < 2e11)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
        }
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }
        value.Error($"{GoQuote.Quote(text)} is neither RFC 3339 nor a Unix timestamp");
        return DateTimeOffset.UnixEpoch;
    }

    internal sealed record AlertTest(TimeSpan EvalTime, string AlertName, IReadOnlyList<ExpectedAlert> Expected);

    internal sealed record ExpectedAlert(LabelSet Labels, LabelSet Annotations);

    internal sealed record ExprTest(string Expr, TimeSpan EvalTime, IReadOnlyList<ExpectedSample> Expected);

    /// <param name="Histogram">In the series notation; empty for a number.</param>
    internal sealed record ExpectedSample(string Labels, double Value, string Histogram);
}
