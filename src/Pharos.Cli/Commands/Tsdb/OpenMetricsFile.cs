using Pharos.Collection.Exposition;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>Reads a file of OpenMetrics text with timestamps into series.</summary>
internal static class OpenMetricsFile
{
    /// <summary>The parser reads a file as one piece.</summary>
    private const long MaxBytes = 2_000_000_000;

    /// <exception cref="FormatException">The text is malformed, or a sample has no timestamp.</exception>
    public static (Dictionary<LabelSet, SampleBuffer> Series, Dictionary<string, MetricMetadata> Metadata) Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new FormatException($"{path} is larger than {MaxBytes} bytes; split it");
        }
        var series = new Dictionary<LabelSet, SampleBuffer>();
        var metadata = new Dictionary<string, MetricMetadata>(StringComparer.Ordinal);
        var parser = new ExpositionParser(File.ReadAllBytes(path), ExpositionFormat.OpenMetrics);
        var labels = new ExposedLabels();
        while (true)
        {
            switch (parser.Next())
            {
                case ExpositionEntry.End:
                    return (Sorted(series), metadata);
                case ExpositionEntry.Fault:
                    throw new FormatException($"{path}:{parser.FaultLine}: {parser.Fault}");
                case ExpositionEntry.Type:
                    metadata[parser.ReadFamily()] = Known(parser.ReadFamily()) with { Type = parser.ReadText() };
                    break;
                case ExpositionEntry.Help:
                    metadata[parser.ReadFamily()] = Known(parser.ReadFamily()) with { Help = parser.ReadText() };
                    break;
                case ExpositionEntry.Unit:
                    metadata[parser.ReadFamily()] = Known(parser.ReadFamily()) with { Unit = parser.ReadText() };
                    break;
                default:
                    parser.ReadLabels(labels);
                    if (parser.TimestampMs is not { } timestampMs)
                    {
                        throw new FormatException($"{path}: expected timestamp for series {LabelSet.From([.. labels.Labels])}, got none");
                    }
                    Of(LabelSet.From([.. labels.Labels])).Add(timestampMs, parser.Value);
                    break;
            }
        }

        MetricMetadata Known(string family) => metadata.GetValueOrDefault(family) ?? new MetricMetadata("unknown", "", "");

        SampleBuffer Of(LabelSet key)
        {
            if (!series.TryGetValue(key, out var samples))
            {
                series.Add(key, samples = new SampleBuffer(8));
            }
            return samples;
        }
    }

    private static Dictionary<LabelSet, SampleBuffer> Sorted(Dictionary<LabelSet, SampleBuffer> series)
    {
        foreach (var samples in series.Values)
        {
            samples.SortByTime();
        }
        return series;
    }
}
