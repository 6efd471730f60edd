using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>Names and types of intrinsics.</summary>
public static class Intrinsics
{
    private static readonly Dictionary<string, TraceIntrinsic> ByName = new(StringComparer.Ordinal)
    {
        ["duration"] = TraceIntrinsic.Duration,
        ["name"] = TraceIntrinsic.Name,
        ["status"] = TraceIntrinsic.Status,
        ["statusMessage"] = TraceIntrinsic.StatusMessage,
        ["kind"] = TraceIntrinsic.Kind,
        ["childCount"] = TraceIntrinsic.ChildCount,
        ["parent"] = TraceIntrinsic.Parent,
        ["traceDuration"] = TraceIntrinsic.TraceDuration,
        ["rootName"] = TraceIntrinsic.RootName,
        ["rootServiceName"] = TraceIntrinsic.RootService,
        ["nestedSetLeft"] = TraceIntrinsic.NestedSetLeft,
        ["nestedSetRight"] = TraceIntrinsic.NestedSetRight,
        ["nestedSetParent"] = TraceIntrinsic.NestedSetParent,
        ["span:duration"] = TraceIntrinsic.Duration,
        ["span:name"] = TraceIntrinsic.Name,
        ["span:status"] = TraceIntrinsic.Status,
        ["span:statusMessage"] = TraceIntrinsic.StatusMessage,
        ["span:kind"] = TraceIntrinsic.Kind,
        ["span:childCount"] = TraceIntrinsic.ChildCount,
        ["span:id"] = TraceIntrinsic.SpanId,
        ["span:parentID"] = TraceIntrinsic.ParentId,
        ["trace:duration"] = TraceIntrinsic.TraceDuration,
        ["trace:rootName"] = TraceIntrinsic.RootName,
        ["trace:rootService"] = TraceIntrinsic.RootService,
        ["trace:id"] = TraceIntrinsic.TraceId,
        ["event:name"] = TraceIntrinsic.EventName,
        ["event:timeSinceStart"] = TraceIntrinsic.EventTimeSinceStart,
        ["link:traceID"] = TraceIntrinsic.LinkTraceId,
        ["link:spanID"] = TraceIntrinsic.LinkSpanId,
        ["instrumentation:name"] = TraceIntrinsic.InstrumentationName,
        ["instrumentation:version"] = TraceIntrinsic.InstrumentationVersion,
    };

    private static readonly Dictionary<TraceIntrinsic, string> Names = ByName.GroupBy(static pair => pair.Value)
        .ToDictionary(static group => group.Key, static group => group.First().Key);

    /// <summary>Every name that a query may use, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByName.Keys.Where(static name => name != "parent").Order(StringComparer.Ordinal)];

    public static bool TryParse(string name, out TraceIntrinsic intrinsic) => ByName.TryGetValue(name, out intrinsic);

    /// <summary>Without a scope where there is such a name.</summary>
    public static string Name(this TraceIntrinsic intrinsic) => Names[intrinsic];

    public static TraceValueKind Type(this TraceIntrinsic intrinsic) => intrinsic switch
    {
        TraceIntrinsic.Duration or TraceIntrinsic.TraceDuration or TraceIntrinsic.EventTimeSinceStart => TraceValueKind.Duration,
        TraceIntrinsic.Status => TraceValueKind.Status,
        TraceIntrinsic.Kind => TraceValueKind.Kind,
        TraceIntrinsic.ChildCount or TraceIntrinsic.NestedSetLeft or TraceIntrinsic.NestedSetRight or TraceIntrinsic.NestedSetParent => TraceValueKind.Int,
        TraceIntrinsic.Parent => TraceValueKind.Nil,
        _ => TraceValueKind.Text,
    };
}
