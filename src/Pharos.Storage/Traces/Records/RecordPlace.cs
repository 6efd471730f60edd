namespace Pharos.Storage.Traces.Records;

/// <summary>Where a span stands.</summary>
/// <param name="Span">Index in the record.</param>
internal readonly record struct RecordPlace(SpanRecord Record, int Span)
{
    public TraceId TraceId => Record.TraceIdOf(Span);

    public ulong SpanId => Record.SpanIdOf(Span);

    public long StartNs => Record.StartNsOf(Span);
}
