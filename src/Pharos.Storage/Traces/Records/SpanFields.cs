namespace Pharos.Storage.Traces.Records;

/// <summary>Which of the fields that most spans lack follow in a record.</summary>
[Flags]
internal enum SpanFields : byte
{
    None = 0,
    Parent = 1,
    StatusMessage = 2,
    TraceState = 4,
    Flags = 8,
    Dropped = 16,
    Events = 32,
    Links = 64,
}
