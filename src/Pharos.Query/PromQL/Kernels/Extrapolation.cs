namespace Pharos.Query.PromQL.Kernels;

/// <summary>The part of a window's extrapolation that its timestamps decide, per step with two samples or more (see
/// <c>Functions.Rates</c>, whose arithmetic this is).</summary>
internal sealed class Extrapolation(int steps)
{
    /// <summary>Seconds from the first sample to the last.</summary>
    public double[] Sampled { get; } = new double[steps];

    /// <summary>Seconds to the window's start that the change may be extended by.</summary>
    public double[] ToStart { get; } = new double[steps];

    /// <summary>Seconds to the window's end that the change may be extended by.</summary>
    public double[] ToEnd { get; } = new double[steps];

    /// <summary>Seconds from the last sample but one to the last.</summary>
    public double[] LastInterval { get; } = new double[steps];

    /// <summary>How long the windows are, in seconds.</summary>
    public double RangeSeconds { get; private set; }

    public void Measure(WindowBounds bounds, ReadOnlySpan<long> times, long[] starts, long[] ends)
    {
        RangeSeconds = (ends[0] - starts[0]) / 1000.0;
        for (var step = 0; step < steps; step++)
        {
            if (!bounds.HasTwo[step])
            {
                // Anything finite will do.
                (Sampled[step], ToStart[step], ToEnd[step], LastInterval[step]) = (1, 0, 0, 1);
                continue;
            }
            var (first, last) = (times[bounds.First[step]], times[bounds.Last[step]]);
            var sampled = (last - first) / 1000.0;
            var average = sampled / (bounds.Count[step] - 1);
            var threshold = average * 1.1;
            var toStart = (first - starts[step]) / 1000.0;
            var toEnd = (ends[step] - last) / 1000.0;
            Sampled[step] = sampled;
            ToStart[step] = toStart >= threshold ? average / 2 : toStart;
            ToEnd[step] = toEnd >= threshold ? average / 2 : toEnd;
            LastInterval[step] = (last - times[bounds.Last[step] - 1]) / 1000.0;
        }
    }
}
