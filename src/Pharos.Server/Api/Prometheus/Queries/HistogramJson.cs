using System.Text.Json;
using Pharos.Storage.Histograms;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>A native histogram as Prometheus' JSON carries it: count, sum, and the buckets that hold anything, lowest first.</summary>
internal static class HistogramJson
{
    // How a bucket treats its bounds, in the numbers of Prometheus' JSON.
    private const int OpenLeft = 0;
    private const int OpenRight = 1;
    private const int OpenBoth = 2;
    private const int ClosedBoth = 3;

    /// <summary><c>[timestamp, {...}]</c>.</summary>
    public static void WritePoint(Utf8JsonWriter json, long timestampMs, NativeHistogram histogram)
    {
        json.WriteStartArray();
        JsonForms.WriteTimestamp(json, timestampMs);
        Write(json, histogram);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, NativeHistogram histogram)
    {
        json.WriteStartObject();
        json.WriteString("count", GoFloat.FormatJson(histogram.Count));
        json.WriteString("sum", GoFloat.FormatJson(histogram.Sum));
        var begun = false;
        foreach (var (lower, upper, count, isZero) in Buckets(histogram))
        {
            if (count == 0)
            {
                continue;
            }
            if (!begun)
            {
                begun = true;
                json.WriteStartArray("buckets");
            }
            json.WriteStartArray();
            json.WriteNumberValue(isZero ? ClosedBoth : Rule(lower, upper));
            json.WriteStringValue(GoFloat.FormatJson(lower));
            json.WriteStringValue(GoFloat.FormatJson(upper));
            json.WriteStringValue(GoFloat.FormatJson(count));
            json.WriteEndArray();
        }
        if (begun)
        {
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>A bound belongs to the bucket that lies on its side of zero.</summary>
    private static int Rule(double lower, double upper) =>
        lower < 0 ? (upper > 0 ? ClosedBoth : OpenRight) : upper > 0 ? OpenLeft : OpenBoth;

    private static IEnumerable<(double Lower, double Upper, double Count, bool IsZero)> Buckets(NativeHistogram histogram)
    {
        var negative = Indexed(histogram.NegativeSpans, histogram.NegativeBuckets).Reverse();
        foreach (var (index, count) in negative)
        {
            var upper = Math.Min(-Bound(histogram, index - 1), -histogram.ZeroThreshold);
            yield return (-Bound(histogram, index), upper, count, false);
        }
        if (histogram.ZeroCount > 0)
        {
            yield return (-histogram.ZeroThreshold, histogram.ZeroThreshold, histogram.ZeroCount, true);
        }
        foreach (var (index, count) in Indexed(histogram.PositiveSpans, histogram.PositiveBuckets))
        {
            var lower = Bound(histogram, index - 1);
            yield return (
                histogram.HasCustomBuckets ? lower : Math.Max(lower, histogram.ZeroThreshold), Bound(histogram, index), count, false);
        }
    }

    private static IEnumerable<(int Index, double Count)> Indexed(
        IReadOnlyList<BucketSpan> spans, IReadOnlyList<double> counts)
    {
        var index = 0;
        var at = 0;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++)
            {
                yield return (index++, counts[at++]);
            }
        }
    }

    /// <summary>The upper bound of a positive bucket.</summary>
    private static double Bound(NativeHistogram histogram, int index)
    {
        if (histogram.HasCustomBuckets)
        {
            return index < 0 ? double.NegativeInfinity
                : index < histogram.CustomBounds.Length ? histogram.CustomBounds[index] : double.PositiveInfinity;
        }
        var exponent = index * Math.ScaleB(1, -histogram.Schema);
        // The last bucket that a finite number can fall into ends where the numbers do.
        return exponent == 1024 ? double.MaxValue : Math.Pow(2, exponent);
    }
}
