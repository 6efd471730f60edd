namespace Pharos.Query.TraceQL.Metrics;

/// <summary>The times of an answer. Each stands for what began after the one before it, up to itself.</summary>
/// <param name="FirstNs">The first time.</param>
/// <param name="StepNs">What each of them covers.</param>
internal sealed record MetricsGrid(long FirstNs, long StepNs, int Count)
{
    public double StepSeconds => StepNs / 1e9;

    /// <summary>The first nanosecond that is covered.</summary>
    public long StartNs => FirstNs - StepNs + 1;

    /// <summary>The first nanosecond that no longer is.</summary>
    public long EndNs => FirstNs + (StepNs * (Count - 1)) + 1;

    /// <summary>All multiples of the step from before the start to behind the end; without a step the end alone.</summary>
    public static MetricsGrid Of(TraceMetricsRequest request)
    {
        if (request.StepNs <= 0)
        {
            return new MetricsGrid(request.EndNs, Math.Max(1, request.EndNs - request.StartNs), 1);
        }
        var first = request.StartNs - (request.StartNs % request.StepNs);
        var rest = request.EndNs % request.StepNs;
        var last = rest == 0 ? request.EndNs : request.EndNs - rest + request.StepNs;
        return new MetricsGrid(first, request.StepNs, (int)Math.Min(int.MaxValue, ((last - first) / request.StepNs) + 1));
    }

    public long TimeMs(int index) => (FirstNs + (StepNs * index)) / 1_000_000;

    /// <returns>-1 for a time that is not covered.</returns>
    public int IndexOf(long ns) => ns < StartNs || ns >= EndNs ? -1 : (int)((ns - StartNs) / StepNs);
}
