namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Jaeger and Zipkin count in microseconds.</summary>
internal static class JaegerTimes
{
    /// <summary>What nanoseconds cannot hold ends at their limit.</summary>
    public static long Nanos(long micros) => micros switch
    {
        > long.MaxValue / 1000 => long.MaxValue,
        < long.MinValue / 1000 => long.MinValue,
        _ => micros * 1000,
    };
}
