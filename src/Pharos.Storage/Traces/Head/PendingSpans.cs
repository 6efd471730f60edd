using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Head;

/// <summary>A batch's record that waits for a thread which stores it together with others.</summary>
internal sealed class PendingSpans(SpanRecord record)
{
    public SpanRecord Record => record;

    /// <summary>Stored, or failed.</summary>
    public bool IsDone { get; set; }

    public Exception? Failure { get; set; }
}
