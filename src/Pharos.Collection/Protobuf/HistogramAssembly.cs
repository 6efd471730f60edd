using System.Collections.Immutable;
using Pharos.Storage.Histograms;

namespace Pharos.Collection.Protobuf;

/// <summary>Collects the fields of a native histogram, in whatever message they stand, and makes one of them.</summary>
/// <remarks>Not thread-safe; <see cref="Clear"/> makes one assembly serve many histograms.</remarks>
internal sealed class HistogramAssembly
{
    public int Schema { get; set; }

    public CounterResetHint ResetHint { get; set; }

    /// <summary>Whether the counts are those of <see cref="PositiveCounts"/>, not the differences.</summary>
    public bool HasFloatCounts { get; set; }

    public double ZeroThreshold { get; set; }

    public double ZeroCount { get; set; }

    public double Count { get; set; }

    public double Sum { get; set; }

    public List<BucketSpan> PositiveSpans { get; } = [];

    public List<BucketSpan> NegativeSpans { get; } = [];

    public List<double> PositiveCounts { get; } = [];

    public List<double> NegativeCounts { get; } = [];

    /// <summary>Each bucket's count as the difference to the one before it.</summary>
    public List<long> PositiveDeltas { get; } = [];

    public List<long> NegativeDeltas { get; } = [];

    public List<double> CustomBounds { get; } = [];

    public void Clear()
    {
        (Schema, ResetHint, HasFloatCounts) = (0, CounterResetHint.Unknown, false);
        (ZeroThreshold, ZeroCount, Count, Sum) = (0, 0, 0, 0);
        PositiveSpans.Clear();
        NegativeSpans.Clear();
        PositiveCounts.Clear();
        NegativeCounts.Clear();
        PositiveDeltas.Clear();
        NegativeDeltas.Clear();
        CustomBounds.Clear();
    }

    /// <summary>Adds a span: <c>sint32 offset = 1; uint32 length = 2</c> in every format.</summary>
    public static void AddSpan(List<BucketSpan> spans, ReadOnlySpan<byte> message)
    {
        var (offset, length) = (0, 0UL);
        var span = new ProtobufReader(message);
        while (span.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    offset = span.SInt32();
                    break;
                case 2:
                    length = span.UInt64();
                    break;
                default:
                    span.Skip();
                    break;
            }
        }
        // A length that no array can have matches no number of buckets either: validation refuses it.
        spans.Add(new BucketSpan(offset, (int)Math.Min(length, int.MaxValue)));
    }

    /// <summary>What was collected, a finer resolution than the finest that is stored already reduced.</summary>
    /// <returns>Null where <paramref name="problem"/> says, in Prometheus' words, what is wrong.</returns>
    public NativeHistogram? Build(out string? problem)
    {
        if (!HistogramValidation.IsKnownSchema(Schema))
        {
            problem = HistogramValidation.UnknownSchema(Schema);
            return null;
        }
        // Whether the rest is good does not depend on the resolution, and only what is good can be reduced.
        var histogram = Build(Math.Min(Schema, NativeHistogram.MaxSchema));
        problem = histogram.IsStale ? null : histogram.Problem();
        if (problem is not null)
        {
            return null;
        }
        return Schema > NativeHistogram.MaxSchema ? Build(Schema).AtSchema(NativeHistogram.MaxSchema) : histogram;
    }

    private NativeHistogram Build(int schema) => new()
    {
        Schema = schema,
        ResetHint = ResetHint,
        ZeroThreshold = ZeroThreshold,
        ZeroCount = ZeroCount,
        Count = Count,
        Sum = Sum,
        PositiveSpans = [.. PositiveSpans],
        PositiveBuckets = HasFloatCounts ? [.. PositiveCounts] : Absolute(PositiveDeltas),
        NegativeSpans = [.. NegativeSpans],
        NegativeBuckets = HasFloatCounts ? [.. NegativeCounts] : Absolute(NegativeDeltas),
        CustomBounds = [.. CustomBounds],
        HasIntegerCounts = !HasFloatCounts,
    };

    private static ImmutableArray<double> Absolute(List<long> deltas)
    {
        var counts = ImmutableArray.CreateBuilder<double>(deltas.Count);
        var count = 0L;
        foreach (var delta in deltas)
        {
            count += delta;
            counts.Add(count);
        }
        return counts.MoveToImmutable();
    }
}
