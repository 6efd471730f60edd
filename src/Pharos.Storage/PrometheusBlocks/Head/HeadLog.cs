using Pharos.Storage.Encoding;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>Applies the records of a Prometheus log to a <see cref="HeadContents"/>.</summary>
internal sealed class HeadLog(HeadContents head)
{
    private const byte NoStart = 0;
    private const byte SameStart = 1;

    // MetricType of tsdb/record/record.go, in its order.
    private static readonly string[] MetricTypes =
        ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    /// <param name="source">The segment, named when the record makes no sense.</param>
    public void Apply(byte[] record, string source, long offset)
    {
        var reader = new ByteReader(record, source, offset);
        var type = (LogRecordType)reader.U8();
        switch (type)
        {
            case LogRecordType.Series:
                Series(ref reader);
                break;
            case LogRecordType.Samples or LogRecordType.Histograms or LogRecordType.FloatHistograms
                or LogRecordType.CustomHistograms or LogRecordType.CustomFloatHistograms:
                Samples(ref reader, type);
                break;
            case LogRecordType.SamplesWithStart or LogRecordType.HistogramsWithStart
                or LogRecordType.FloatHistogramsWithStart:
                SamplesWithStart(ref reader, type);
                break;
            case LogRecordType.Tombstones:
                while (reader.Remaining > 0)
                {
                    head.Delete(reader.U64BigEndian(), new TimeInterval(reader.Varint(), reader.Varint()));
                }
                break;
            case LogRecordType.Exemplars:
                Exemplars(ref reader);
                break;
            case LogRecordType.Metadata:
                Metadata(ref reader);
                break;
            case LogRecordType.MinValidTime:
                head.DropBefore((long)reader.U64BigEndian());
                break;
            default:
                // Marks of mapped chunks say nothing that those chunks do not, and kinds to come are not ours to judge.
                break;
        }
    }

    private void Series(ref ByteReader reader)
    {
        while (reader.Remaining > 0)
        {
            head.AddSeries(reader.U64BigEndian(), Labels(ref reader));
        }
    }

    private void Samples(ref ByteReader reader, LogRecordType type)
    {
        if (reader.Remaining == 0)
        {
            return;
        }
        var baseSeries = reader.U64BigEndian();
        var baseTimeMs = (long)reader.U64BigEndian();
        while (reader.Remaining > 0)
        {
            var series = unchecked(baseSeries + (ulong)reader.Varint());
            var timestampMs = unchecked(baseTimeMs + reader.Varint());
            Sample(ref reader, type, series, timestampMs, 0);
        }
    }

    private void SamplesWithStart(ref ByteReader reader, LogRecordType type)
    {
        if (reader.Remaining == 0)
        {
            return;
        }
        var series = (ulong)reader.Varint();
        var firstTimeMs = reader.Varint();
        var firstStartMs = reader.Varint();
        var startTimeMs = firstStartMs;
        Sample(ref reader, type, series, firstTimeMs, startTimeMs);
        while (reader.Remaining > 0)
        {
            series = unchecked(series + (ulong)reader.Varint());
            var timestampMs = unchecked(firstTimeMs + reader.Varint());
            startTimeMs = reader.U8() switch
            {
                NoStart => 0,
                SameStart => startTimeMs,
                _ => unchecked(firstStartMs + reader.Varint()),
            };
            Sample(ref reader, type, series, timestampMs, startTimeMs);
        }
    }

    private void Sample(ref ByteReader reader, LogRecordType type, ulong series, long timestampMs, long startTimeMs)
    {
        if (type is LogRecordType.Samples or LogRecordType.SamplesWithStart)
        {
            head.AddSample(series, timestampMs, reader.DoubleBigEndian(), null, startTimeMs);
            return;
        }
        var integers = type is LogRecordType.Histograms or LogRecordType.CustomHistograms or LogRecordType.HistogramsWithStart;
        head.AddSample(series, timestampMs, 0, HistogramRecord.Read(ref reader, integers), startTimeMs);
    }

    private void Exemplars(ref ByteReader reader)
    {
        if (reader.Remaining == 0)
        {
            return;
        }
        var baseSeries = reader.U64BigEndian();
        var baseTimeMs = (long)reader.U64BigEndian();
        while (reader.Remaining > 0)
        {
            var series = unchecked(baseSeries + (ulong)reader.Varint());
            var timestampMs = unchecked(baseTimeMs + reader.Varint());
            var value = reader.DoubleBigEndian();
            head.AddExemplar(series, new Exemplar(Labels(ref reader), value, timestampMs));
        }
    }

    private void Metadata(ref ByteReader reader)
    {
        while (reader.Remaining > 0)
        {
            var series = reader.UVarint();
            var type = reader.U8();
            var (help, unit) = ("", "");
            for (var fields = reader.Count(minBytesEach: 2); fields > 0; fields--)
            {
                var name = reader.Text();
                var value = reader.Text();
                help = name == "HELP" ? value : help;
                unit = name == "UNIT" ? value : unit;
            }
            head.SetMetadata(series, new MetricMetadata(type < MetricTypes.Length ? MetricTypes[type] : MetricTypes[0], help, unit));
        }
    }

    private static LabelSet Labels(ref ByteReader reader)
    {
        var labels = new Label[reader.Count(minBytesEach: 2)];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new Label(reader.Text(), reader.Text());
        }
        return LabelSet.From(labels);
    }
}
