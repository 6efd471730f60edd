using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary>Answers as text, in the notation of promtool (common/model of Prometheus).</summary>
internal static class QueryPrinter
{
    public static IEnumerable<string> Value(JsonElement data)
    {
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() switch
        {
            "vector" => Lines(result.EnumerateArray().Select(static item =>
                $"{Metric(item.GetProperty("metric"))} => {Points(item).Single()}")),
            "matrix" => Lines(result.EnumerateArray().Order(Comparer<JsonElement>.Create(CompareSeries)).Select(static item =>
                $"{Metric(item.GetProperty("metric"))} =>\n{string.Join('\n', Points(item))}")),
            "scalar" => [$"scalar: {Point(result)}"],
            _ => [result[1].GetString()!],
        };
    }

    public static IEnumerable<string> Series(JsonElement data) => data.EnumerateArray().Select(Labels);

    public static IEnumerable<string> Texts(JsonElement data) => data.EnumerateArray().Select(static text => text.GetString()!);

    /// <summary>A metric as a selector writes it: its name, then its other labels.</summary>
    public static string Metric(JsonElement labels)
    {
        var name = labels.TryGetProperty("__name__", out var found) ? found.GetString()! : "";
        var others = Pairs(labels).Where(static pair => !pair.StartsWith("__name__=", StringComparison.Ordinal)).ToList();
        return others.Count > 0 || name.Length == 0 ? $"{name}{{{string.Join(", ", others)}}}" : name;
    }

    private static string Labels(JsonElement labels) => $"{{{string.Join(", ", Pairs(labels))}}}";

    private static IEnumerable<string> Pairs(JsonElement labels) => labels.EnumerateObject()
        .Select(static label => $"{label.Name}={GoQuote.Quote(label.Value.GetString()!)}").Order(StringComparer.Ordinal);

    /// <summary>Fewer labels first; then by the first name, in their order, that one lacks or whose values differ.</summary>
    private static int CompareSeries(JsonElement left, JsonElement right)
    {
        var (a, b) = (Values(left), Values(right));
        if (a.Count != b.Count)
        {
            return a.Count.CompareTo(b.Count);
        }
        foreach (var name in a.Keys.Union(b.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var order = !a.TryGetValue(name, out var mine) ? -1 : !b.TryGetValue(name, out var other) ? 1 : string.CompareOrdinal(mine, other);
            if (order != 0)
            {
                return order;
            }
        }
        return 0;

        static Dictionary<string, string> Values(JsonElement item) => item.GetProperty("metric").EnumerateObject()
            .ToDictionary(static label => label.Name, static label => label.Value.GetString()!, StringComparer.Ordinal);
    }

    /// <summary>An empty answer is an empty line.</summary>
    private static IEnumerable<string> Lines(IEnumerable<string> lines) => lines.DefaultIfEmpty("");

    private static IEnumerable<string> Points(JsonElement item) =>
        [.. Of(item, "value", "values").Select(Point), .. Of(item, "histogram", "histograms").Select(HistogramPoint)];

    private static IEnumerable<JsonElement> Of(JsonElement item, string one, string many) =>
        item.TryGetProperty(many, out var points) ? points.EnumerateArray() : item.TryGetProperty(one, out var point) ? [point] : [];

    private static string Point(JsonElement point) => $"{point[1].GetString()} @[{Time(point)}]";

    private static string HistogramPoint(JsonElement point)
    {
        var histogram = point[1];
        var buckets = histogram.TryGetProperty("buckets", out var list) ? list.EnumerateArray().Select(Bucket) : [];
        return $"Count: {Fixed(histogram, "count")}, Sum: {Fixed(histogram, "sum")}, Buckets: [{string.Join(' ', buckets)}] @[{Time(point)}]";
    }

    private static string Time(JsonElement point) => GoFloat.FormatF(point[0].GetDouble());

    private static string Fixed(JsonElement histogram, string key) =>
        GoFloat.TryParse(histogram.GetProperty(key).GetString()!, out var number) && double.IsFinite(number)
            ? number.ToString("F6", CultureInfo.InvariantCulture) : histogram.GetProperty(key).GetString()!;

    /// <summary>Boundaries: 0 open on the left, 1 open on the right, 2 open on both sides, 3 closed on both.</summary>
    private static string Bucket(JsonElement bucket)
    {
        var boundaries = bucket[0].GetInt32();
        return $"{(boundaries is 1 or 3 ? '[' : '(')}{Shortest(bucket[1])},{Shortest(bucket[2])}{(boundaries is 0 or 3 ? ']' : ')')}:{bucket[3].GetString()}";
    }

    private static string Shortest(JsonElement number) =>
        GoFloat.TryParse(number.GetString()!, out var value) ? GoFloat.FormatG(value) : number.GetString()!;
}
