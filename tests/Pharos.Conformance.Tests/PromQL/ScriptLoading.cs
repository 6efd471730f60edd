using System.Text.RegularExpressions;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>A <c>load</c> command, read: the samples of each of its series.</summary>
internal static partial class ScriptLoading
{
    private const string BoundLabel = "le";

    public static IEnumerable<(LabelSet Labels, long TimestampMs, Element Element, long StartMs)> Samples(ScriptCommand command)
    {
        var line = LoadLine().Match(command.First);
        var stepMs = ScriptEvaluation.Time(line.Groups[2].Value);
        var series = new Dictionary<LabelSet, List<(long TimeMs, Element Element, long StartMs)>>();
        IReadOnlyList<long?> starts = [];
        foreach (var text in command.Rest)
        {
            if (SeriesLine.HasStartTimes(text))
            {
                starts = SeriesLine.StartOffsets(text);
                continue;
            }
            var parsed = SeriesLine.Parse(text);
            var samples = new List<(long, Element, long)>();
            for (var i = 0; i < parsed.Points.Count; i++)
            {
                if (parsed.Points[i] is { } point)
                {
                    var start = i < starts.Count ? starts[i] : null;
                    samples.Add((i * stepMs, point.Element, start is null ? 0 : (i * stepMs) + start.Value));
                }
            }
            // A later line for the same series takes the place of an earlier one.
            series[parsed.Labels] = samples;
            starts = [];
        }
        var converted = line.Groups[1].Success ? Converted(series) : [];
        return series.SelectMany(pair => pair.Value.Select(sample => (pair.Key, sample.TimeMs, sample.Element, sample.StartMs)))
            .Concat(converted);
    }

    /// <summary>Classic histograms as native ones with custom buckets, under the name without suffix.</summary>
    private static IEnumerable<(LabelSet, long, Element, long)> Converted(
        Dictionary<LabelSet, List<(long TimeMs, Element Element, long StartMs)>> series)
    {
        var histograms = new Dictionary<(LabelSet Labels, long TimeMs), ClassicHistogram>();
        foreach (var (labels, samples) in series)
        {
            var suffix = Suffix().Match(labels.MetricName);
            if (!suffix.Success || (suffix.Groups[2].Value == "_bucket" && !labels.Has(BoundLabel)))
            {
                continue;
            }
            var key = labels.Without(BoundLabel).With(Label.MetricName, suffix.Groups[1].Value);
            foreach (var (time, element, _) in samples)
            {
                if (!histograms.TryGetValue((key, time), out var histogram))
                {
                    histograms[(key, time)] = histogram = new ClassicHistogram();
                }
                switch (suffix.Groups[2].Value)
                {
                    case "_sum": histogram.Sum = element.Number; break;
                    case "_count": histogram.Count = element.Number; break;
                    case var _ when GoFloat.TryParse(labels[BoundLabel], out var bound):
                        histogram.Buckets[bound] = element.Number;
                        break;
                    default: throw new FormatException($"no bound: {labels}");
                }
            }
        }
        return histograms.Select(pair => (pair.Key.Labels, pair.Key.TimeMs, (Element)pair.Value.Convert(), 0L));
    }

    private sealed class ClassicHistogram
    {
        public SortedDictionary<double, double> Buckets { get; } = [];

        public double Sum { get; set; }

        public double? Count { get; set; }

        public NativeHistogram Convert()
        {
            var count = Count ?? Buckets.Values.LastOrDefault();
            Buckets.TryAdd(double.PositiveInfinity, count);
            var counts = new List<double>();
            var previous = 0.0;
            foreach (var cumulative in Buckets.Values)
            {
                counts.Add(cumulative - previous);
                previous = cumulative;
            }
            return new NativeHistogram
            {
                Schema = NativeHistogram.CustomBucketsSchema,
                CustomBounds = [.. Buckets.Keys.Where(double.IsFinite)],
                PositiveSpans = [new BucketSpan(0, counts.Count)],
                PositiveBuckets = [.. counts],
                Sum = Sum,
                Count = count,
            }.Compact();
        }
    }

    [GeneratedRegex(@"^load(?:_(with_nhcb))?\s+(.+?)$")]
    private static partial Regex LoadLine();

    [GeneratedRegex("^(.*)(_bucket|_sum|_count)$")]
    private static partial Regex Suffix();
}
