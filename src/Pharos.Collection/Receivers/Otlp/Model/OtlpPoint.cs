namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>A measurement of any kind; which of the fields mean something is for the metric's kind to say.</summary>
internal sealed class OtlpPoint
{
    /// <summary>The bit of <see cref="Flags"/> that ends a series. opentelemetry/proto/metrics/v1: DataPointFlags.</summary>
    private const uint NoRecordedValueFlag = 1;

    private const long NanosecondsPerMillisecond = 1_000_000;

    public List<OtlpAttribute> Attributes { get; } = [];

    public ulong StartNanoseconds { get; set; }

    public ulong TimeNanoseconds { get; set; }

    public uint Flags { get; set; }

    /// <summary>Of a number.</summary>
    public double Value { get; set; }

    public ulong Count { get; set; }

    /// <summary>Null where the instrument keeps none.</summary>
    public double? Sum { get; set; }

    /// <summary>Of an explicit histogram, one more than <see cref="Bounds"/>.</summary>
    public List<ulong> BucketCounts { get; set; } = [];

    public List<double> Bounds { get; set; } = [];

    /// <summary>Of an exponential histogram, as the three that follow.</summary>
    public int Scale { get; set; }

    public ulong ZeroCount { get; set; }

    public double ZeroThreshold { get; set; }

    public OtlpBuckets Positive { get; set; } = OtlpBuckets.None;

    public OtlpBuckets Negative { get; set; } = OtlpBuckets.None;

    public List<(double Quantile, double Value)> Quantiles { get; } = [];

    public List<OtlpExemplar> Exemplars { get; } = [];

    public bool HasNoRecordedValue => (Flags & NoRecordedValueFlag) != 0;

    public long TimeMs => (long)(TimeNanoseconds / NanosecondsPerMillisecond);

    public long StartMs => (long)(StartNanoseconds / NanosecondsPerMillisecond);
}
