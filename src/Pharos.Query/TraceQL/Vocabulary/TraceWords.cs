using Pharos.Query.TraceQL.Values;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>The words of the language.</summary>
internal static class TraceWords
{
    private static readonly Dictionary<string, TraceValue> Literals = new(StringComparer.Ordinal)
    {
        ["nil"] = TraceValue.Nil,
        ["true"] = TraceValue.True,
        ["false"] = TraceValue.False,
        ["error"] = TraceValue.OfStatus(SpanStatus.Error),
        ["ok"] = TraceValue.OfStatus(SpanStatus.Ok),
        ["unset"] = TraceValue.OfStatus(SpanStatus.Unset),
        ["unspecified"] = TraceValue.OfKind(SpanKind.Unspecified),
        ["internal"] = TraceValue.OfKind(SpanKind.Internal),
        ["server"] = TraceValue.OfKind(SpanKind.Server),
        ["client"] = TraceValue.OfKind(SpanKind.Client),
        ["producer"] = TraceValue.OfKind(SpanKind.Producer),
        ["consumer"] = TraceValue.OfKind(SpanKind.Consumer),
        ["minInt"] = TraceValue.OfInt(long.MinValue),
        ["maxInt"] = TraceValue.OfInt(long.MaxValue),
    };

    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "by", "coalesce", "select", "with", "topk", "bottomk", "count", "min", "max", "sum", "avg",
    };

    public static bool TryLiteral(string word, out TraceValue value) => Literals.TryGetValue(word, out value);

    public static AggregateOperation? Aggregate(string word) => word switch
    {
        "count" => AggregateOperation.Count,
        "min" => AggregateOperation.Min,
        "max" => AggregateOperation.Max,
        "sum" => AggregateOperation.Sum,
        "avg" => AggregateOperation.Avg,
        _ => null,
    };

    public static bool IsKnown(string word) => Literals.ContainsKey(word) || Others.Contains(word) || Intrinsics.TryParse(word, out _)
        || MetricsFunctions.OfName(word) is not null;
}
