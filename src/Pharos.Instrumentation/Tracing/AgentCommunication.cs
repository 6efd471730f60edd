namespace Pharos.Instrumentation.Tracing;

/// <summary>A message between two agents: its spans are <c>agent.communication</c>.</summary>
/// <param name="Source">The sender's type.</param>
/// <param name="Target">The receiver's type; a service map's edge leads there.</param>
/// <param name="Type">One of few kinds of message.</param>
public readonly record struct AgentCommunication(string Source, string Target, string Type)
{
    public CommunicationPattern Pattern { get; init; }

    /// <summary>Length of the message in bytes.</summary>
    public long? DataSize { get; init; }

    /// <summary>The receiver's <c>service.name</c> where it is not its type.</summary>
    public string? PeerService { get; init; }

    /// <summary>Where the receiver listens; host and port become <c>server.address</c> and <c>server.port</c>.</summary>
    public Uri? ServerAddress { get; init; }
}
