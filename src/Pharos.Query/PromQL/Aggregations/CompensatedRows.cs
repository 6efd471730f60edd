using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>Many sums side by side, four at a time; each is a <see cref="Compensated"/>, bit by bit.</summary>
/// <remarks>Adding 480 values: 0.2 to 0.3 us, one by one 0.8 to 1.35 us (AMD EPYC, AVX2, busy, November 2026).</remarks>
internal static class CompensatedRows
{
    /// <summary>Adds to each sum one value.</summary>
    public static void Add(Span<double> sums, Span<double> corrections, ReadOnlySpan<double> values)
    {
        for (var done = 0; done < values.Length; done++)
        {
            done += AddWhileFinite(sums[done..], corrections[done..], values[done..]);
            if (done < values.Length)
            {
                var sum = new Compensated { Sum = sums[done], Correction = corrections[done] };
                sum.Add(values[done]);
                (sums[done], corrections[done]) = (sum.Sum, sum.Correction);
            }
        }
    }

    /// <summary>Adds up to the first value that makes its sum infinite.</summary>
    /// <returns>How many were added.</returns>
    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddWhileFinite(Span<double> sums, Span<double> corrections, ReadOnlySpan<double> values)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var correction = ref MemoryMarshal.GetReference(corrections);
        ref var value = ref MemoryMarshal.GetReference(values);
        var infinity = Vector256.Create(double.PositiveInfinity);
        nuint i = 0;
        for (; i + 4 <= (nuint)values.Length; i += 4)
        {
            var s = Vector256.LoadUnsafe(ref sum, i);
            var v = Vector256.LoadUnsafe(ref value, i);
            var total = s + v;
            if (Vector256.EqualsAny(Vector256.Abs(total), infinity))
            {
                break;
            }
            var sumIsLarger = Vector256.GreaterThanOrEqual(Vector256.Abs(s), Vector256.Abs(v));
            var lost = Vector256.ConditionalSelect(sumIsLarger, s - total + v, v - total + s);
            (Vector256.LoadUnsafe(ref correction, i) + lost).StoreUnsafe(ref correction, i);
            total.StoreUnsafe(ref sum, i);
        }
        for (; i < (nuint)values.Length; i++)
        {
            var next = new Compensated { Sum = sums[(int)i], Correction = corrections[(int)i] };
            next.Add(values[(int)i]);
            if (double.IsInfinity(next.Sum))
            {
                break;
            }
            (sums[(int)i], corrections[(int)i]) = (next.Sum, next.Correction);
        }
        return (int)i;
    }
}
