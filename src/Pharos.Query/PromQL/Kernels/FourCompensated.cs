using System.Runtime.Intrinsics;
using Pharos.Query.PromQL.Aggregations;

namespace Pharos.Query.PromQL.Kernels;

/// <summary>Four <see cref="Compensated"/> sums at once, each with the operations of one, in its order.</summary>
internal struct FourCompensated
{
    public Vector256<double> Sum;
    public Vector256<double> Correction;

    /// <summary>As <see cref="Compensated.Value"/>.</summary>
    public readonly Vector256<double> Value => Vector256.ConditionalSelect(Vector256.IsInfinity(Sum), Sum, Sum + Correction);

    public void Add(Vector256<double> value)
    {
        var total = Sum + value;
        // NaN is not larger: the value comes first then, as it does in one.
        var isSumLarger = Vector256.GreaterThanOrEqual(Vector256.Abs(Sum), Vector256.Abs(value));
        var larger = Vector256.ConditionalSelect(isSumLarger, Sum, value);
        var smaller = Vector256.ConditionalSelect(isSumLarger, value, Sum);
        var next = Correction + (larger - total + smaller);
        Correction = Vector256.AndNot(next, Vector256.IsInfinity(total));
        Sum = total;
    }
}
