using System.Globalization;
using System.Text;
using Pharos.Collection.Exposition;
using Pharos.Collection.Exposition.Families;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Exposition;

/// <summary>An exposition read whole, one line of text per entry.</summary>
internal sealed record Exposed(IReadOnlyList<string> Lines, string? Fault, int Series)
{
    public static Exposed Read(string body, ExpositionFormat format, HistogramReading reading = default) =>
        Read(Encoding.UTF8.GetBytes(body), format, reading);

    public static Exposed Read(ReadOnlySpan<byte> body, ExpositionFormat format, HistogramReading reading = default)
    {
        var scratch = new ExpositionScratch();
        if (format == ExpositionFormat.PrometheusProto)
        {
            var families = new MetricFamilyParser(body, reading, scratch);
            return Read(ref families);
        }
        var text = new ExpositionParser(body, format, reading.StartTimes ? scratch : null);
        if (!reading.ConvertClassic)
        {
            return Read(ref text);
        }
        var converting = new ClassicHistogramParser(text, reading.AlwaysClassic, scratch);
        return Read(ref converting);
    }

    /// <summary>A histogram as <c>schema count sum offset:count...</c>, absolute bucket indexes.</summary>
    public static string Show(NativeHistogram histogram)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"schema={histogram.Schema} count={histogram.Count} sum={histogram.Sum}");
        if (histogram.ZeroThreshold > 0 || histogram.ZeroCount > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" zero={histogram.ZeroCount}@{histogram.ZeroThreshold}");
        }
        ShowBuckets(text, " +", histogram.PositiveSpans, histogram.PositiveBuckets);
        ShowBuckets(text, " -", histogram.NegativeSpans, histogram.NegativeBuckets);
        text.Append(histogram.CustomBounds.Length == 0 ? "" : " bounds=" + string.Join(',', histogram.CustomBounds));
        text.Append(histogram.HasIntegerCounts ? "" : " float");
        return text.Append(histogram.ResetHint == CounterResetHint.Unknown ? "" : $" {histogram.ResetHint}").ToString();
    }

    private static void ShowBuckets(StringBuilder text, string sign, IReadOnlyList<BucketSpan> spans, IReadOnlyList<double> counts)
    {
        var (index, bucket) = (0, 0);
        foreach (var span in spans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{sign}{index++}:{counts[bucket++]}");
            }
        }
    }

    private static Exposed Read<TParser>(ref TParser parser)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var lines = new List<string>();
        var series = 0;
        while (true)
        {
            switch (parser.Next())
            {
                case ExpositionEntry.End:
                    return new Exposed(lines, null, series);
                case ExpositionEntry.Fault:
                    return new Exposed(lines, parser.Fault, series);
                case ExpositionEntry.Type:
                    lines.Add($"TYPE {parser.ReadFamily()} {parser.ReadText()}");
                    break;
                case ExpositionEntry.Help:
                    lines.Add($"HELP {parser.ReadFamily()} {parser.ReadText()}");
                    break;
                case ExpositionEntry.Unit:
                    lines.Add($"UNIT {parser.ReadFamily()} {parser.ReadText()}");
                    break;
                case ExpositionEntry.Series:
                    series++;
                    lines.Add(Line(ref parser, GoFloat.FormatG(parser.Value)));
                    break;
                case ExpositionEntry.Histogram:
                    series++;
                    try
                    {
                        lines.Add(Line(ref parser, $"{{{Show(parser.ReadHistogram())}}}"));
                    }
                    catch (InvalidDataException e)
                    {
                        return new Exposed(lines, e.Message, series);
                    }
                    break;
            }
        }
    }

    private static string Line<TParser>(ref TParser parser, string value)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var labels = new ExposedLabels();
        parser.ReadLabels(labels);
        var line = $"{Set(labels)} {value}";
        line += parser.TimestampMs is { } at ? $" @{at}" : "";
        line += parser.StartTimeMs is var start && start != 0 ? $" since {start}" : "";
        var exemplar = new ExposedExemplar();
        Assert.Equal(parser.ExemplarHash, parser.ExemplarHash);
        var expected = parser.ExemplarHash != 0;
        var found = false;
        while (parser.NextExemplar(exemplar))
        {
            found = true;
            line += $" # {Set(exemplar.Labels)} {GoFloat.FormatG(exemplar.Value)} {exemplar.TimestampMs}".TrimEnd();
        }
        Assert.Equal(expected, found);
        return line;
    }

    private static LabelSet Set(ExposedLabels labels) =>
        LabelSet.From(labels.Labels.Select(label => KeyValuePair.Create(label.Name, label.Value)));
}
