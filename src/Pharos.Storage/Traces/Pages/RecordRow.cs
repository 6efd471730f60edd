using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Pages;

/// <summary>A span on its way from a record into a page.</summary>
internal readonly struct RecordRow(RecordNumbers numbers, int span) : ISummarizedSpan
{
    private readonly RecordSpan _read = RecordSpan.Read(numbers.Record, span);

    public RecordNumbers Numbers => numbers;

    public SpanRecord Record => numbers.Record;

    /// <summary>Index in the record.</summary>
    public int Index => span;

    public RecordSpan Read => _read;

    public TraceId TraceId => Record.TraceIdOf(span);

    public ulong SpanId => Record.SpanIdOf(span);

    public ulong ParentSpanId => _read.ParentSpanId;

    public long StartNs => Record.StartNsOf(span);

    public long EndNs => unchecked(StartNs + _read.DurationNs);

    public SpanStatus Status => (SpanStatus)_read.Status;

    public string Name => numbers.Decoder.TextAt(_read.Name);

    public string ServiceName => numbers.Decoder.ResourceOfScope(_read.Scope).ServiceName;
}
