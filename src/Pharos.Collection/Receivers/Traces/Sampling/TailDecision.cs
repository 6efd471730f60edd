using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Sampling;

/// <summary>Whether a trace is kept, and by which policy.</summary>
/// <param name="Reason"><c>errors</c>, <c>slow</c>, <c>share</c>, <c>rate</c>, or <c>none</c> where no policy keeps it.</param>
public readonly record struct TailDecision(bool Keep, string Reason)
{
    /// <summary>Decides by what is known and nothing else.</summary>
    /// <param name="spansLeft">That may still be kept in this second.</param>
    public static TailDecision Of(TailSamplingOptions options, IReadOnlyList<Span> spans, int spansLeft)
    {
        if (options.KeepsErrors && spans.Any(static span => span.Status == SpanStatus.Error))
        {
            return new TailDecision(true, "errors");
        }
        if (options.SlowFrom is { } slow
            && (spans.Max(static span => span.EndNs) - spans.Min(static span => span.StartNs)) / TimeSpan.NanosecondsPerTick >= slow.Ticks)
        {
            return new TailDecision(true, "slow");
        }
        if (options.Share is { } share && IsInShare(spans[0].TraceId, share))
        {
            return new TailDecision(true, "share");
        }
        return options.SpansPerSecond is not null && spans.Count <= spansLeft ? new TailDecision(true, "rate") : new TailDecision(false, "none");
    }

    /// <summary>By the random part of an id, its lowest 56 bits, as W3C's trace context has it.</summary>
    private static bool IsInShare(TraceId id, double share) => (id.Low & ((1UL << 56) - 1)) < share * (1UL << 56);
}
