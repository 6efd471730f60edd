namespace Pharos.Instrumentation.Tracing;

/// <summary>OpenTelemetry's names for generative AI, in one place: all of them have the status "development" and change.</summary>
/// <remarks>Sources: https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-agent-spans.md and
/// https://github.com/open-telemetry/semantic-conventions-genai (0.1.0), which
/// <c>OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental</c> opts in to.</remarks>
public sealed class GenAiConventions
{
    public const string OptInVariable = "OTEL_SEMCONV_STABILITY_OPT_IN";
    public const string OptInValue = "gen_ai_latest_experimental";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string AgentName = "gen_ai.agent.name";
    public const string AgentId = "gen_ai.agent.id";
    public const string ConversationId = "gen_ai.conversation.id";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string ToolName = "gen_ai.tool.name";
    public const string InvokeAgentDuration = "gen_ai.invoke_agent.duration";

    public const string InvokeAgent = "invoke_agent";
    public const string CreateAgent = "create_agent";
    public const string ExecuteTool = "execute_tool";
    public const string Chat = "chat";
    public const string Plan = "plan";

    /// <summary>The last version inside of OpenTelemetry's main repository.</summary>
    public static GenAiConventions MainRepository { get; } = new("1.41.0", agentIdOnInternalSpans: true, invokeAgentDuration: false);

    /// <summary>The first version of their own repository: no identity on internal spans, and a histogram of invocations.</summary>
    public static GenAiConventions OwnRepository { get; } = new("genai-0.1.0", agentIdOnInternalSpans: false, invokeAgentDuration: true);

    private GenAiConventions(string version, bool agentIdOnInternalSpans, bool invokeAgentDuration)
    {
        Version = version;
        AgentIdOnInternalSpans = agentIdOnInternalSpans;
        HasInvokeAgentDuration = invokeAgentDuration;
    }

    public string Version { get; }

    /// <summary>Whether <see cref="AgentId"/> stands on spans of agents in this process.</summary>
    public bool AgentIdOnInternalSpans { get; }

    /// <summary>Whether <see cref="InvokeAgentDuration"/> is measured.</summary>
    public bool HasInvokeAgentDuration { get; }

    /// <param name="optIn">The variable's value: words between commas.</param>
    public static GenAiConventions Of(string? optIn) =>
        optIn is not null && optIn.Split(',', StringSplitOptions.TrimEntries).Contains(OptInValue, StringComparer.Ordinal) ? OwnRepository : MainRepository;
}
