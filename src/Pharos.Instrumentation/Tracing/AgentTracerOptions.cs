using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Pharos.Instrumentation.Tracing;

/// <summary>How an <see cref="AgentTracer"/> names and records.</summary>
public sealed record AgentTracerOptions
{
    /// <summary>The attribute <c>gen_ai.agent.name</c>; the agent's type by default.</summary>
    public string? AgentName { get; init; }

    /// <summary>The attribute <c>gen_ai.provider.name</c>, which the conventions want on every span.</summary>
    public string ProviderName { get; init; } = "custom";

    /// <summary>Adds the GenAI conventions' attributes beside the framework's. Turn this off where the agent's own framework
    /// emits them on spans below.</summary>
    public bool GenAiAttributes { get; init; } = true;

    /// <summary>Which version of them.</summary>
    public GenAiConventions Conventions { get; init; } = GenAiConventions.MainRepository;

    /// <summary>Names spans <c>invoke_agent {name}</c> as the GenAI conventions do, rather than <c>agent.{operation}</c>.</summary>
    public bool GenAiSpanNames { get; init; }

    /// <summary>Whether an operation that its caller cancelled has the status error. It never counts as a success.</summary>
    public bool CancellationIsError { get; init; } = true;

    /// <summary>Writes each exception as a log record, too, once: where the conventions are heading.</summary>
    public ILogger? ExceptionLog { get; init; }

    /// <summary>The attribute <c>service.name</c> of the source: only that host exports its spans.</summary>
    public string? ServiceName { get; init; }

    /// <summary>The version of the source.</summary>
    public string Version { get; init; } = "5.0.0";

    /// <summary>Makes the meter of the durations; without it the tracer has a meter of its own.</summary>
    public IMeterFactory? MeterFactory { get; init; }
}
