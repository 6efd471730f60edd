namespace Pharos.Storage.Traces.Pages;

/// <summary>What of a span stands in columns that every span has: texts and the scope by their numbers, the name's in the block, the others' in
/// the page.</summary>
internal readonly record struct PageRow(
    ulong SpanId, ulong ParentSpanId, long StartNs, long DurationNs, int Scope, int Name, byte Kind, byte Status, int StatusMessage, int TraceState,
    uint Flags, uint DroppedAttributes, uint DroppedEvents, uint DroppedLinks);
