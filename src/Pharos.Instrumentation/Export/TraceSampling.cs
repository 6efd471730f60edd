using System.Diagnostics;
using System.Globalization;

namespace Pharos.Instrumentation.Export;

/// <summary>Decides at its start whether a span is recorded: OpenTelemetry's built-in samplers.</summary>
/// <param name="ByParent">A span whose parent was decided about follows it.</param>
/// <param name="Ratio">The share of traces that is kept, 0 to 1.</param>
internal sealed record TraceSampling(bool ByParent, double Ratio)
{
    public static readonly TraceSampling Default = new(ByParent: true, Ratio: 1);

    /// <summary>Traces whose last seven bytes are below this, of 2^56, are left out: the same ones in every process.</summary>
    private readonly ulong _threshold = (ulong)Math.Round((1 - Ratio) * (1UL << 56));

    /// <param name="name">Value of <c>OTEL_TRACES_SAMPLER</c>.</param>
    /// <param name="argument">Value of <c>OTEL_TRACES_SAMPLER_ARG</c>.</param>
    /// <param name="problem">Hears of what is not known.</param>
    public static TraceSampling Parse(string? name, string? argument, Action<string> problem)
    {
        switch (name)
        {
            case null or "" or "parentbased_always_on":
                return Default;
            case "always_on":
                return new TraceSampling(ByParent: false, Ratio: 1);
            case "always_off":
                return new TraceSampling(ByParent: false, Ratio: 0);
            case "parentbased_always_off":
                return new TraceSampling(ByParent: true, Ratio: 0);
            case "traceidratio" or "parentbased_traceidratio":
                var ratio = 1d;
                if (!string.IsNullOrEmpty(argument)
                    && (!double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out ratio) || ratio is not (>= 0 and <= 1)))
                {
                    problem($"OTEL_TRACES_SAMPLER_ARG: \"{argument}\" is not between 0 and 1; 1 is used");
                    ratio = 1;
                }
                return new TraceSampling(name.StartsWith("parent", StringComparison.Ordinal), ratio);
            default:
                problem($"OTEL_TRACES_SAMPLER: {name} is not known; parentbased_always_on is used");
                return Default;
        }
    }

    public ActivitySamplingResult Decide(ActivityTraceId trace, ActivityContext parent)
    {
        var hasParent = parent.TraceId != default;
        var keeps = ByParent && hasParent ? parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) : Keeps(trace);
        // What is not recorded still carries the trace on where it comes from outside or begins here.
        return keeps ? ActivitySamplingResult.AllDataAndRecorded
            : !hasParent || parent.IsRemote ? ActivitySamplingResult.PropagationData : ActivitySamplingResult.None;
    }

    private bool Keeps(ActivityTraceId trace)
    {
        if (Ratio is 0 or 1)
        {
            return Ratio == 1;
        }
        Span<byte> bytes = stackalloc byte[16];
        trace.CopyTo(bytes);
        var random = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & ((1UL << 56) - 1);
        return random >= _threshold;
    }
}
