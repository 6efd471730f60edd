using System.Collections.Immutable;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>What all histograms of one chunk share, and how it stands at the chunk's beginning
/// (Prometheus: chunkenc/histogram_meta.go).</summary>
internal sealed record HistogramLayout
{
    /// <summary>The powers of two from 2^-243 to 2^10 fit into one byte as exponent + 244.</summary>
    private const int MinPower = -243;

    private const int MaxPower = 10;
    private const byte OtherThreshold = 255;

    /// <summary>Bounds that are thousandths up to this take at most four bytes.</summary>
    private const double MaxThousandths = 33_554_430;

    /// <summary>Prometheus keeps schemas up to this one for finer histograms to come.</summary>
    private const int MaxReservedSchema = 52;

    public required int Schema { get; init; }

    public required double ZeroThreshold { get; init; }

    public required ImmutableArray<BucketSpan> PositiveSpans { get; init; }

    public required ImmutableArray<BucketSpan> NegativeSpans { get; init; }

    public ImmutableArray<double> CustomBounds { get; init; } = [];

    public int PositiveCount => PositiveSpans.Sum(static span => span.Length);

    public int NegativeCount => NegativeSpans.Sum(static span => span.Length);

    public static HistogramLayout Read(ref BitReader reader)
    {
        var zeroThreshold = ReadZeroThreshold(ref reader);
        var schema = reader.VarbitInt();
        if (schema is not (NativeHistogram.CustomBucketsSchema or (>= NativeHistogram.MinSchema and <= MaxReservedSchema)))
        {
            throw reader.Corrupt($"a histogram with schema {schema}");
        }
        return new HistogramLayout
        {
            Schema = (int)schema,
            ZeroThreshold = zeroThreshold,
            PositiveSpans = ReadSpans(ref reader),
            NegativeSpans = ReadSpans(ref reader),
            CustomBounds = schema == NativeHistogram.CustomBucketsSchema ? ReadBounds(ref reader) : [],
        };
    }

    public void Write(BitWriter writer)
    {
        WriteZeroThreshold(writer);
        writer.VarbitInt(Schema);
        WriteSpans(writer, PositiveSpans);
        WriteSpans(writer, NegativeSpans);
        if (Schema == NativeHistogram.CustomBucketsSchema)
        {
            WriteBounds(writer);
        }
    }

    private static double ReadZeroThreshold(ref BitReader reader) => reader.Bits(8) switch
    {
        0 => 0,
        OtherThreshold => reader.Double(),
        var power => Math.ScaleB(1, (int)power - 1 + MinPower),
    };

    private void WriteZeroThreshold(BitWriter writer)
    {
        if (ZeroThreshold == 0)
        {
            writer.Bits(0, 8);
            return;
        }
        var power = Math.ILogB(ZeroThreshold);
        if (power is >= MinPower and <= MaxPower && Math.ScaleB(1, power) == ZeroThreshold)
        {
            writer.Bits((uint)(power - MinPower + 1), 8);
        }
        else
        {
            writer.Bits(OtherThreshold, 8);
            writer.Double(ZeroThreshold);
        }
    }

    private static ImmutableArray<BucketSpan> ReadSpans(ref BitReader reader)
    {
        // A span takes two bits at least, a bucket one.
        var count = reader.VarbitUInt();
        if (count > (ulong)reader.Remaining / 2)
        {
            throw reader.Corrupt($"{count} spans with {reader.Remaining} bits left");
        }
        var spans = ImmutableArray.CreateBuilder<BucketSpan>((int)count);
        ulong buckets = 0;
        for (var i = 0UL; i < count; i++)
        {
            var length = reader.VarbitUInt();
            var offset = reader.VarbitInt();
            buckets += length;
            if (length > int.MaxValue || buckets > (ulong)reader.Remaining || offset is < int.MinValue or > int.MaxValue)
            {
                throw reader.Corrupt($"a span of {length} buckets at {offset} with {reader.Remaining} bits left");
            }
            spans.Add(new BucketSpan((int)offset, (int)length));
        }
        return spans.MoveToImmutable();
    }

    private static void WriteSpans(BitWriter writer, ImmutableArray<BucketSpan> spans)
    {
        writer.VarbitUInt((ulong)spans.Length);
        foreach (var span in spans)
        {
            writer.VarbitUInt((ulong)span.Length);
            writer.VarbitInt(span.Offset);
        }
    }

    private static ImmutableArray<double> ReadBounds(ref BitReader reader)
    {
        var count = reader.VarbitUInt();
        if (count > (ulong)reader.Remaining)
        {
            throw reader.Corrupt($"{count} bounds with {reader.Remaining} bits left");
        }
        var bounds = ImmutableArray.CreateBuilder<double>((int)count);
        for (var i = 0UL; i < count; i++)
        {
            var thousandths = reader.VarbitUInt();
            bounds.Add(thousandths == 0 ? reader.Double() : (thousandths - 1) / 1000.0);
        }
        return bounds.MoveToImmutable();
    }

    private void WriteBounds(BitWriter writer)
    {
        writer.VarbitUInt((ulong)CustomBounds.Length);
        foreach (var bound in CustomBounds)
        {
            var thousandths = bound * 1000;
            if (thousandths is >= 0 and <= MaxThousandths && thousandths == Math.Floor(thousandths)
                && thousandths / 1000 == bound)
            {
                writer.VarbitUInt((ulong)thousandths + 1);
            }
            else
            {
                writer.Bit(false);
                writer.Double(bound);
            }
        }
    }
}
