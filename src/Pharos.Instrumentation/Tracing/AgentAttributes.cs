namespace Pharos.Instrumentation.Tracing;

/// <summary>Attributes of the framework's own tracing, as its first tracer named them.</summary>
public static class AgentAttributes
{
    public const string Type = "agent.type";
    public const string Id = "agent.id";
    public const string Operation = "agent.operation";
    public const string DurationMs = "agent.duration_ms";
    public const string Success = "agent.success";
    public const string RequestSize = "request.size";
    public const string ResponseSize = "response.size";
    public const string ErrorType = "error.type";
    public const string CommunicationSource = "communication.source";
    public const string CommunicationTarget = "communication.target";
    public const string CommunicationType = "communication.type";
    public const string CommunicationDataSize = "communication.data_size";

    /// <summary>Who is asked: what a service map draws an edge to where the asked one sends no spans itself.</summary>
    public const string PeerService = "peer.service";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
}
