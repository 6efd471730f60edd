namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>What every span, trace, event or link has without an attribute.</summary>
public enum TraceIntrinsic
{
    Duration,
    Name,
    Status,
    StatusMessage,
    Kind,
    ChildCount,
    SpanId,
    ParentId,

    /// <summary>The span's parent: nothing for a root.</summary>
    Parent,
    TraceDuration,
    RootName,
    RootService,
    TraceId,
    NestedSetLeft,
    NestedSetRight,
    NestedSetParent,
    EventName,
    EventTimeSinceStart,
    LinkTraceId,
    LinkSpanId,
    InstrumentationName,
    InstrumentationVersion,
}
