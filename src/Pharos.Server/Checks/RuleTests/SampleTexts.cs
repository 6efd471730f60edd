using Pharos.Query.PromQL.Series;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>Samples sorted by label set, as promtool compares and prints them.</summary>
internal sealed class SampleTexts
{
    private readonly List<(LabelSet Labels, double Value, string Histogram)> _samples;

    private SampleTexts(IEnumerable<(LabelSet Labels, double Value, string Histogram)> samples) =>
        _samples = [.. samples.OrderBy(static sample => sample.Labels)];

    public IEnumerable<string> Lines => _samples.Select(static sample => sample.Labels.ToBracedText() + " "
        + (sample.Histogram.Length > 0 ? sample.Histogram : GoFloat.FormatUpperE(sample.Value)));

    public static SampleTexts Of(IEnumerable<VectorSample> samples) => new(samples.Select(static sample =>
        (sample.Labels, sample.Histogram is null ? sample.Value : 0, sample.Histogram?.FormatForTests() ?? "")));

    /// <exception cref="FormatException">Labels or a histogram are not in the notation.</exception>
    public static SampleTexts Expected(IEnumerable<RuleTestGroup.ExpectedSample> samples) => new(samples.Select(static sample =>
    {
        var labels = SeriesDescription.ParseLabels(sample.Labels);
        if (sample.Histogram.Length == 0)
        {
            return (labels, sample.Value, "");
        }
        return SeriesDescription.ParsePoints(sample.Histogram) is [{ Histogram: { } histogram }]
            ? (labels, 0, histogram.FormatForTests())
            : throw new FormatException($"histogram {GoQuote.Quote(sample.Histogram)}: expected one histogram");
    }));

    public bool IsSame(SampleTexts other, bool fuzzy) => _samples.Count == other._samples.Count
        && _samples.Zip(other._samples).All(pair => pair.First.Labels.Equals(pair.Second.Labels)
            && pair.First.Histogram == pair.Second.Histogram && IsSame(pair.First.Value, pair.Second.Value, fuzzy));

    public override string ToString() => _samples.Count == 0 ? "nil" : string.Join(", ", Lines);

    private static bool IsSame(double left, double right, bool fuzzy) => left.Equals(right) || left == right
        || (fuzzy && (Math.BitDecrement(left) == right || Math.BitIncrement(left) == right));
}
