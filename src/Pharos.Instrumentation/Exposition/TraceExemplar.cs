using System.Diagnostics;

namespace Pharos.Instrumentation.Exposition;

/// <summary>One measurement with the trace in which it was made.</summary>
/// <param name="TraceId">In hexadecimal; null where there is none.</param>
internal readonly record struct TraceExemplar(string? TraceId, string SpanId, double Value, long UnixMs)
{
    /// <summary>The trace that is going on here, if somebody keeps it: the exemplar of a trace that is thrown away leads
    /// nowhere.</summary>
    public static bool TryTake(double value, TimeProvider time, out TraceExemplar exemplar)
    {
        if (Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity)
        {
            exemplar = new TraceExemplar(activity.TraceId.ToHexString(), activity.SpanId.ToHexString(), value,
                time.GetUtcNow().ToUnixTimeMilliseconds());
            return true;
        }
        exemplar = default;
        return false;
    }
}
