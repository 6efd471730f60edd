namespace Pharos.Instrumentation.Exposition;

/// <summary>A series' values at one moment, in arrays that are used again for the next series.</summary>
internal sealed class SeriesCopy
{
    private long[] _buckets = new long[16];
    private TraceExemplar[] _exemplars = new TraceExemplar[16];
    private readonly ulong[] _positive = new ulong[NativeBuckets.MaxBuckets];
    private readonly ulong[] _negative = new ulong[NativeBuckets.MaxBuckets];

    public double Value { get; private set; }

    public int BucketCount { get; private set; }

    public bool HasExemplars { get; private set; }

    public bool IsNative { get; private set; }

    public int Schema { get; private set; }

    public ulong ZeroCount { get; private set; }

    public int PositiveFirst { get; private set; }

    public int NegativeFirst { get; private set; }

    private int PositiveCount { get; set; }

    private int NegativeCount { get; set; }

    public ReadOnlySpan<long> Buckets => _buckets.AsSpan(0, BucketCount);

    public ReadOnlySpan<ulong> Positive => _positive.AsSpan(0, PositiveCount);

    public ReadOnlySpan<ulong> Negative => _negative.AsSpan(0, NegativeCount);

    /// <summary>The exemplar of a bucket, or of a counter; without a trace where there is none.</summary>
    public ref readonly TraceExemplar Exemplar(int bucket) => ref _exemplars[bucket];

    public void Take(double value, long[] buckets, TraceExemplar[]? exemplars, NativeBuckets? native)
    {
        Value = value;
        BucketCount = buckets.Length;
        if (_buckets.Length < buckets.Length)
        {
            _buckets = new long[buckets.Length];
            _exemplars = new TraceExemplar[buckets.Length];
        }
        buckets.CopyTo(_buckets.AsSpan());
        HasExemplars = exemplars is not null;
        exemplars?.CopyTo(_exemplars.AsSpan());
        IsNative = native is not null;
        if (native is not null)
        {
            Schema = native.Schema;
            ZeroCount = native.ZeroCount;
            (PositiveFirst, PositiveCount) = (native.Positive.First, native.Positive.Counts.Length);
            (NegativeFirst, NegativeCount) = (native.Negative.First, native.Negative.Counts.Length);
            native.Positive.Counts.CopyTo(_positive);
            native.Negative.Counts.CopyTo(_negative);
        }
    }
}
