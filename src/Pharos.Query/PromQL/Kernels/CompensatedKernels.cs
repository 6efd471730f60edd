using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Pharos.Query.PromQL.Aggregations;

namespace Pharos.Query.PromQL.Kernels;

/// <summary>sum_over_time, avg_over_time, stddev_over_time and stdvar_over_time.</summary>
/// <remarks>A compensated sum is a chain in which each addition waits for the one before it, and it must not be cut or slide, because it
/// would be rounded otherwise. But windows do not wait for each other: where four steps in a row have as many samples, their four chains
/// go side by side, one in each lane. The plain twins are <see cref="Compensated"/>, <see cref="CompensatedMean"/> and
/// <see cref="RunningVariance"/>.</remarks>
internal static class CompensatedKernels
{
    private const int Lanes = 4;

    public static void Sum(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        windows.Bounds.HasOne.CopyTo(present);
        for (var step = 0; step < row.Length;)
        {
            if (AreAlike(windows.Bounds, step))
            {
                Sums(windows, step).CopyTo(row[step..]);
                step += Lanes;
                continue;
            }
            var sum = default(Compensated);
            foreach (var value in windows.At(step))
            {
                sum.Add(value);
            }
            row[step++] = sum.Value;
        }
    }

    public static void Avg(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        windows.Bounds.HasOne.CopyTo(present);
        for (var step = 0; step < row.Length;)
        {
            if (AreAlike(windows.Bounds, step) && TryMeans(windows, step, out var means))
            {
                means.CopyTo(row[step..]);
                step += Lanes;
                continue;
            }
            var mean = default(CompensatedMean);
            foreach (var value in windows.At(step))
            {
                mean.Add(value);
            }
            row[step++] = mean.Value;
        }
    }

    public static void Stdvar(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        windows.Bounds.HasOne.CopyTo(present);
        for (var step = 0; step < row.Length;)
        {
            if (AreAlike(windows.Bounds, step))
            {
                Variances(windows, step).CopyTo(row[step..]);
                step += Lanes;
                continue;
            }
            row[step] = Statistics.Variance(windows.At(step));
            step++;
        }
    }

    public static void Stddev(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        Stdvar(windows, row, present);
        foreach (ref var value in row)
        {
            value = Math.Sqrt(value);
        }
    }

    /// <summary>Whether there are four windows from a step on, with as many samples each.</summary>
    private static bool AreAlike(WindowBounds bounds, int step)
    {
        var counts = bounds.Count.AsSpan();
        return step + Lanes <= counts.Length && counts[step] > 0
            && counts[step] == counts[step + 1] && counts[step] == counts[step + 2] && counts[step] == counts[step + 3];
    }

    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> Sums(in PlainWindows windows, int step)
    {
        var samples = new FourWindows(windows, step);
        var sums = default(FourCompensated);
        for (var i = 0; i < samples.Count; i++)
        {
            sums.Add(samples.At(i));
        }
        return sums.Value;
    }

    /// <summary>False where a sum overflows, so that the mean is to be made another way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryMeans(in PlainWindows windows, int step, out Vector256<double> means)
    {
        var samples = new FourWindows(windows, step);
        var sums = new FourCompensated { Sum = samples.At(0) };
        var overflows = Vector256<double>.Zero;
        for (var i = 1; i < samples.Count; i++)
        {
            sums.Add(samples.At(i));
            overflows |= Vector256.IsInfinity(sums.Sum);
        }
        var counts = Vector256.Create((double)samples.Count);
        means = (sums.Sum / counts) + (sums.Correction / counts);
        return overflows.AsUInt64() == Vector256<ulong>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> Variances(in PlainWindows windows, int step)
    {
        var samples = new FourWindows(windows, step);
        var mean = default(FourCompensated);
        var squares = default(FourCompensated);
        for (var i = 0; i < samples.Count; i++)
        {
            var value = samples.At(i);
            var delta = value - (mean.Sum + mean.Correction);
            mean.Add(delta / Vector256.Create((double)(i + 1)));
            squares.Add(delta * (value - (mean.Sum + mean.Correction)));
        }
        return (squares.Sum + squares.Correction) / Vector256.Create((double)samples.Count);
    }

    /// <summary>The samples of four windows of the same length, place by place.</summary>
    private readonly ref struct FourWindows
    {
        private readonly ReadOnlySpan<double> _values;
        private readonly int _first;
        private readonly int _second;
        private readonly int _third;
        private readonly int _fourth;
        private readonly bool _areNeighbours;

        public FourWindows(in PlainWindows windows, int step)
        {
            var firsts = windows.Bounds.First.AsSpan(step, Lanes);
            _values = windows.Values;
            (_first, _second, _third, _fourth) = (firsts[0], firsts[1], firsts[2], firsts[3]);
            _areNeighbours = _second == _first + 1 && _third == _first + 2 && _fourth == _first + 3;
            Count = windows.Bounds.Count[step];
        }

        public int Count { get; }

        public Vector256<double> At(int place) => _areNeighbours ? Vector256.Create(_values.Slice(_first + place, Lanes))
            : Vector256.Create(_values[_first + place], _values[_second + place], _values[_third + place], _values[_fourth + place]);
    }
}
