namespace Pharos.Instrumentation.Tracing;

/// <summary>What an agent is about to do: its span is <c>agent.{Name}</c>.</summary>
/// <param name="Name">One of few: it names the span. A tracer knows at most
/// <see cref="AgentTracer.MaxOperationNames"/>, of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>; others become <c>agent.other</c>.</param>
public readonly record struct AgentOperation(string Name)
{
    /// <summary>Which of several agents of a type.</summary>
    public string? AgentId { get; init; }

    /// <summary>Length of the request in bytes.</summary>
    public long? RequestSize { get; init; }

    /// <summary>The operation in the words of the GenAI conventions; <see cref="GenAiConventions.InvokeAgent"/> by default.</summary>
    public string? GenAiOperation { get; init; }

    public string? ConversationId { get; init; }

    public string? RequestModel { get; init; }

    public string? ToolName { get; init; }

    public static implicit operator AgentOperation(string name) => new(name);

    public static AgentOperation FromString(string name) => new(name);
}
