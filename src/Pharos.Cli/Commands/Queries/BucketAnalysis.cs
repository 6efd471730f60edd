using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary>Collects how buckets change from sample to sample, over all histograms (cmd/promtool/analyze.go).</summary>
internal sealed class BucketAnalysis(TextWriter output)
{
    private static readonly string[] Names =
        ["minChanged", "avgChanged", "maxChanged", "minDelta", "avgDelta", "maxDelta", "minPop", "avgPop", "maxPop", "total"];

    private readonly Spread[] _spreads = [.. Names.Select(static _ => new Spread())];
    private readonly SortedDictionary<long, long> _changes = [];

    /// <summary>One series with its <c>histograms</c>; one with fewer than two is passed over.</summary>
    public void AddNative(string name, JsonElement series)
    {
        if (!series.TryGetProperty("histograms", out var histograms) || histograms.GetArrayLength() < 2)
        {
            return;
        }
        var samples = histograms.EnumerateArray().Select(static point => Buckets(point[1])).ToList();
        var all = new HashSet<string>(samples.SelectMany(static sample => sample.Keys), StringComparer.Ordinal);
        Add(name, samples.Count, all.Count, at => Change(samples[at - 1], samples[at]), at => samples[at].Count);
    }

    /// <summary>All buckets of one classic histogram, each a series of its own.</summary>
    /// <exception cref="FormatException">They do not have the same times.</exception>
    public void AddClassic(string name, IReadOnlyList<JsonElement> buckets)
    {
        var rows = buckets.OrderBy(static bucket => Number(bucket.GetProperty("metric").GetProperty("le")))
            .Select(static bucket => bucket.TryGetProperty("values", out var values) ? values.EnumerateArray().ToList() : []).ToList();
        if (rows.Count == 0 || rows[0].Count < 2)
        {
            return;
        }
        if (rows.Exists(row => row.Count != rows[0].Count || row.Zip(rows[0]).Any(static pair => pair.First[0].GetRawText() != pair.Second[0].GetRawText())))
        {
            throw new FormatException("matrix result is not time aligned");
        }
        var counts = Enumerable.Range(0, rows[0].Count).Select(at => rows.Select((row, bucket) =>
            (long)(Number(row[at][1]) - (bucket == 0 ? 0 : Number(rows[bucket - 1][at][1])))).ToArray()).ToList();
        Add(name, counts.Count, rows.Count,
            at => (counts[at].Zip(counts[at - 1]).Count(static pair => pair.First != pair.Second),
                counts[at].Zip(counts[at - 1]).Sum(static pair => Math.Abs(pair.First - pair.Second))),
            at => counts[at].Count(static count => count != 0));
    }

    public void PrintTotals()
    {
        for (var i = 0; i < Names.Length; i++)
        {
            output.WriteLine($"{Names[i]} - {_spreads[i]}");
        }
        output.WriteLine($"count - {_spreads[0].Count}");
        output.WriteLine($"&{{map[{string.Join(' ', _changes.Select(static pair => $"{pair.Key}:{pair.Value}"))}]}}");
    }

    private void Add(string name, int samples, int total, Func<int, (long Changed, long Delta)> change, Func<int, long> populated)
    {
        Spread changed = new(), delta = new(), full = new();
        for (var at = 1; at < samples; at++)
        {
            var (changes, difference) = change(at);
            changed.Add(changes);
            delta.Add(difference);
            full.Add(populated(at));
            _changes[changes] = _changes.GetValueOrDefault(changes) + 1;
        }
        output.WriteLine($"{name}=Bucket stats (min/avg/max) - number of buckets changed: {changed.Triple} total delta of changed buckets: "
            + $"{delta.Triple} number of populated buckets: {full.Triple}. total number of buckets: {total}");
        var row = 0;
        foreach (var spread in (Spread[])[changed, delta, full])
        {
            _spreads[row++].Add(spread.Min);
            _spreads[row++].Add((long)spread.Average);
            _spreads[row++].Add(spread.Max);
        }
        _spreads[row].Add(total);
    }

    private static Dictionary<string, double> Buckets(JsonElement histogram) => histogram.TryGetProperty("buckets", out var buckets)
        ? buckets.EnumerateArray().ToDictionary(
            static bucket => $"{bucket[0].GetRawText()} {bucket[1].GetString()} {bucket[2].GetString()}",
            static bucket => Number(bucket[3]), StringComparer.Ordinal) : [];

    private static (long Changed, long Delta) Change(Dictionary<string, double> before, Dictionary<string, double> after)
    {
        var differences = before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Where(key => !before.TryGetValue(key, out var old) || !after.TryGetValue(key, out var now) || old != now)
            .Select(key => (long)Math.Abs(before.GetValueOrDefault(key) - after.GetValueOrDefault(key))).ToList();
        return (differences.Count, differences.Sum());
    }

    private static double Number(JsonElement text) => GoFloat.TryParse(text.GetString()!, out var number) ? number : 0;
}
