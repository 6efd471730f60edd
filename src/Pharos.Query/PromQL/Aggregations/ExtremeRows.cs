using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>Many extremes side by side, four at a time. One that has seen nothing yet is NaN.</summary>
internal static class ExtremeRows
{
    /// <summary>Shows each extreme one value.</summary>
    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<double> extremes, ReadOnlySpan<double> values, bool largest)
    {
        ref var extreme = ref MemoryMarshal.GetReference(extremes);
        ref var value = ref MemoryMarshal.GetReference(values);
        nuint i = 0;
        for (; i + 4 <= (nuint)values.Length; i += 4)
        {
            var e = Vector256.LoadUnsafe(ref extreme, i);
            var v = Vector256.LoadUnsafe(ref value, i);
            var takes = (largest ? Vector256.GreaterThan(v, e) : Vector256.LessThan(v, e)) | ~Vector256.Equals(e, e);
            Vector256.ConditionalSelect(takes, v, e).StoreUnsafe(ref extreme, i);
        }
        for (; i < (nuint)values.Length; i++)
        {
            var (e, v) = (extremes[(int)i], values[(int)i]);
            extremes[(int)i] = double.IsNaN(e) || (largest ? v > e : v < e) ? v : e;
        }
    }
}
