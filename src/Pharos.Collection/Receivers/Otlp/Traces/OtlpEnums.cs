using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Numbers of OTLP's spans; those that this version does not know are what says nothing.</summary>
internal static class OtlpEnums
{
    private static readonly (string Name, SpanKind Kind)[] Kinds =
    [
        ("SPAN_KIND_INTERNAL", SpanKind.Internal), ("SPAN_KIND_SERVER", SpanKind.Server), ("SPAN_KIND_CLIENT", SpanKind.Client),
        ("SPAN_KIND_PRODUCER", SpanKind.Producer), ("SPAN_KIND_CONSUMER", SpanKind.Consumer),
    ];

    public static SpanKind Kind(long number) => number is >= 0 and <= (long)SpanKind.Consumer ? (SpanKind)number : SpanKind.Unspecified;

    /// <summary>By the protocol's own name, which some libraries write into JSON.</summary>
    public static SpanKind Kind(string? name) => Array.Find(Kinds, kind => kind.Name == name).Kind;

    public static SpanStatus Status(long number) => number is >= 0 and <= (long)SpanStatus.Error ? (SpanStatus)number : SpanStatus.Unset;

    public static SpanStatus Status(string? name) => name switch
    {
        "STATUS_CODE_OK" => SpanStatus.Ok,
        "STATUS_CODE_ERROR" => SpanStatus.Error,
        _ => SpanStatus.Unset,
    };

    /// <summary>A time after the year 2262 is that year's.</summary>
    public static long TimeNs(ulong unixNano) => unixNano > long.MaxValue ? long.MaxValue : (long)unixNano;
}
