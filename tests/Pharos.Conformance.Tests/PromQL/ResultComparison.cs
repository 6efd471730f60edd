using System.Globalization;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>Says how an answer differs from what a script expects.</summary>
internal static class ResultComparison
{
    private const double Epsilon = 1e-6;
    private const double MinNormal = 2.2250738585072014e-308;

    public static string? Compare(ScriptEvaluation wanted, QueryValue actual)
    {
        if (wanted.Text is { } text)
        {
            return actual is StringValue value && value.Value == text ? null : $"not the string {text}: {actual}";
        }
        if (wanted.Scalar is { } scalar)
        {
            return actual is ScalarValue value && Almost(scalar, value.Value) ? null : $"not the scalar {scalar}: {actual}";
        }
        return actual switch
        {
            MatrixValue matrix => Matrix(wanted, matrix),
            VectorValue vector => Vector(wanted, vector),
            ScalarValue value when wanted.Series.Count == 1 && wanted.Series[0].Points.Count == 1 =>
                Same(wanted.Series[0].Points[0]!.Value, value.Value) ? null : $"not {wanted.Series[0].Points[0]}: {value}",
            _ => $"unexpected type: {actual}",
        };
    }

    public static bool Almost(double a, double b)
    {
        if (StaleMarker.Is(a) || StaleMarker.Is(b))
        {
            return StaleMarker.Is(a) && StaleMarker.Is(b);
        }
        if (a.Equals(b) || a == b)
        {
            return true;
        }
        var sum = Math.Abs(a) + Math.Abs(b);
        var difference = Math.Abs(a - b);
        return a == 0 || b == 0 || sum < MinNormal ? difference < Epsilon * MinNormal
            : difference / Math.Min(sum, double.MaxValue) < Epsilon;
    }

    private static bool Same(ScriptPoint wanted, Element actual) => (wanted.Element.Histogram, actual.Histogram) switch
    {
        (null, null) => Almost(wanted.Element.Number, actual.Number),
        ({ } histogram, { } other) => Same(histogram.Compact(), other.Compact())
            && (!wanted.StatesHint || histogram.ResetHint == other.ResetHint),
        _ => false,
    };

    private static bool Same(NativeHistogram wanted, NativeHistogram actual) =>
        wanted.Schema == actual.Schema && wanted.ZeroThreshold == actual.ZeroThreshold
        && wanted.CustomBounds.SequenceEqual(actual.CustomBounds)
        && Almost(wanted.Count, actual.Count) && Almost(wanted.Sum, actual.Sum) && Almost(wanted.ZeroCount, actual.ZeroCount)
        && wanted.PositiveSpans.SequenceEqual(actual.PositiveSpans) && wanted.NegativeSpans.SequenceEqual(actual.NegativeSpans)
        && wanted.PositiveBuckets.Zip(actual.PositiveBuckets).All(pair => Almost(pair.First, pair.Second))
        && wanted.NegativeBuckets.Zip(actual.NegativeBuckets).All(pair => Almost(pair.First, pair.Second));

    private static string? Vector(ScriptEvaluation wanted, VectorValue vector)
    {
        if (vector.Samples.Count != wanted.Series.Count)
        {
            return $"{vector.Samples.Count} elements, not {wanted.Series.Count}: {Show(vector)}";
        }
        for (var i = 0; i < wanted.Series.Count; i++)
        {
            var line = wanted.Series[i];
            var sample = wanted.Ordered ? vector.Samples[i] : vector.Samples.FirstOrDefault(s => s.Labels == line.Labels);
            if (sample is null || sample.Labels != line.Labels
                || !Same(line.Points[0]!.Value, new Element(sample.Value, sample.Histogram)))
            {
                return $"not {line.Labels} {Show(line.Points[0])}: {Show(vector)}";
            }
        }
        return null;
    }

    private static string? Matrix(ScriptEvaluation wanted, MatrixValue matrix)
    {
        var grid = wanted.MatrixGrid ?? wanted.Grid;
        if (matrix.Series.Count != wanted.Series.Count)
        {
            return $"{matrix.Series.Count} series, not {wanted.Series.Count}: {string.Join(", ", matrix.Series.Select(Show))}";
        }
        foreach (var line in wanted.Series)
        {
            var series = matrix.Series.FirstOrDefault(s => s.Labels == line.Labels);
            var points = line.Points.Select((value, i) => (Time: grid.At(i), Value: value))
                .Where(point => point.Value is not null).ToList();
            if (series is null || !Points(series).Select(point => point.TimeMs).SequenceEqual(points.Select(point => point.Time))
                || Points(series).Zip(points).Any(pair => !Same(pair.Second.Value!.Value, pair.First.Element)))
            {
                return $"not {line.Labels} {string.Join(' ', line.Points.Select(Show))}: " +
                    (series is null ? "absent" : Show(series));
            }
        }
        return null;
    }

    /// <summary>Numbers and histograms in the order of their times.</summary>
    public static IEnumerable<(long TimeMs, Element Element)> Points(MatrixSeries series) =>
        series.TimestampsMs.Zip(series.Values, static (time, value) => (time, (Element)value))
            .Concat(series.Histograms.Select(static point => (point.TimestampMs, (Element)point.Histogram)))
            .OrderBy(static point => point.Item1);

    private static string Show(VectorValue vector) => string.Join(", ", vector.Samples.Take(8).Select(
        sample => $"{sample.Labels} {Show(new Element(sample.Value, sample.Histogram))}"));

    private static string Show(MatrixSeries series) => $"{series.Labels} " +
        string.Join(' ', Points(series).Take(12).Select(point => $"{Show(point.Element)}@{point.TimeMs}"));

    private static string Show(ScriptPoint? point) => point is { } there ? Show(there.Element) : "_";

    private static string Show(Element element) => element.Histogram is { } histogram
        ? $"{histogram.FormatForTests()}/{histogram.ResetHint}" : element.Number.ToString("R", CultureInfo.InvariantCulture);
}
