namespace Pharos.Instrumentation.Exposition;

/// <summary>A native (exponential) histogram's buckets: eight for each doubling at first, and fewer where a wide range of
/// values would need more than <see cref="MaxBuckets"/>.</summary>
/// <remarks>Bucket <c>i</c> of schema <c>s</c> holds values above <c>2^((i-1)/2^s)</c> up to <c>2^(i/2^s)</c>. Guarded by the lock
/// of its series.</remarks>
internal sealed class NativeBuckets
{
    public const int MaxBuckets = 160;

    public const int FinestSchema = 3;

    /// <summary>Values up to this count as zero, as in Prometheus' client libraries: 2^-128.</summary>
    public const double ZeroThreshold = 2.938735877055719e-39;

    private const int CoarsestSchema = -4;

    /// <summary>Upper bounds in [0.5, 1) of the finest schema's buckets: <c>0.5 * 2^(i/8)</c>.</summary>
    private static readonly double[] Bounds =
    [
        0.5, 0.5452538663326288, 0.5946035575013605, 0.6484197773255048,
        0.7071067811865475, 0.7711054127039704, 0.8408964152537144, 0.9170040432046711,
    ];

    public int Schema { get; private set; } = FinestSchema;

    public ulong ZeroCount { get; private set; }

    public NativeWindow Positive { get; } = new();

    public NativeWindow Negative { get; } = new();

    /// <summary>NaN and infinities have no bucket; they are in the sum and the count alone.</summary>
    public void Record(double value)
    {
        var size = Math.Abs(value);
        if (size <= ZeroThreshold)
        {
            ZeroCount++;
            return;
        }
        if (!double.IsFinite(size))
        {
            return;
        }
        var window = value > 0 ? Positive : Negative;
        var finest = FinestIndex(size);
        while (!window.TryAdd(At(finest, FinestSchema - Schema)) && Schema > CoarsestSchema)
        {
            Positive.Halve();
            Negative.Halve();
            Schema--;
        }
    }

    /// <summary>The bucket of the finest schema.</summary>
    public static int FinestIndex(double size)
    {
        var exponent = Math.ILogB(size) + 1;
        var fraction = Math.ScaleB(size, -exponent);
        var at = 0;
        while (at < Bounds.Length && Bounds[at] < fraction)
        {
            at++;
        }
        return at + ((exponent - 1) * Bounds.Length);
    }

    private static int At(int finest, int coarser) => (finest + (1 << coarser) - 1) >> coarser;
}
