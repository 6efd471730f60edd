namespace Pharos.Instrumentation.Tracing;

/// <summary>How one agent talks to another, which decides the kinds of the two spans.</summary>
public enum CommunicationPattern
{
    /// <summary>The sender waits for an answer: CLIENT and SERVER.</summary>
    Request,

    /// <summary>The sender goes on: PRODUCER and CONSUMER.</summary>
    Message,
}
