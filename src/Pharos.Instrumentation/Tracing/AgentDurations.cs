using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pharos.Instrumentation.Tracing;

/// <summary>How long an agent's operations take: <c>agent_operation_duration_seconds</c>, and the GenAI conventions' histogram where
/// they have one.</summary>
internal sealed class AgentDurations : IDisposable
{
    /// <summary>Of the conventions: 0.01 s and its doublings.</summary>
    private static readonly double[] GenAiBoundaries =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    private readonly Meter _meter;
    private readonly Histogram<double> _operations;
    private readonly Histogram<double>? _invocations;
    private readonly string _agentType;
    private readonly AgentTracerOptions _options;

    public AgentDurations(string agentType, AgentTracerOptions options)
    {
        _agentType = agentType;
        _options = options;
        _meter = options.MeterFactory is { } factory
            ? factory.Create(new MeterOptions(AgentTracer.MeterName)) : new Meter(AgentTracer.MeterName);
        _operations = Histogram("agent_operation_duration_seconds", null, "Duration of agents' operations in seconds");
        _invocations = options is { GenAiAttributes: true, Conventions.HasInvokeAgentDuration: true }
            ? Histogram(GenAiConventions.InvokeAgentDuration, "s", "Duration of the invocation of an agent") : null;
    }

    public bool IsEnabled => _operations.Enabled || _invocations is { Enabled: true };

    public void Record(TimeSpan took, string operation, string genAiOperation, string? errorType)
    {
        _operations.Record(took.TotalSeconds, new("agent_type", _agentType), new("operation", operation),
            new("outcome", errorType is null ? "success" : "failure"));
        if (_invocations is not null && genAiOperation == GenAiConventions.InvokeAgent)
        {
            var tags = new TagList
            {
                { GenAiConventions.OperationName, genAiOperation }, { GenAiConventions.ProviderName, _options.ProviderName },
                { GenAiConventions.AgentName, _options.AgentName ?? _agentType },
            };
            if (errorType is not null)
            {
                tags.Add(AgentAttributes.ErrorType, errorType);
            }
            _invocations.Record(took.TotalSeconds, tags);
        }
    }

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Histogram(string name, string? unit, string description) => _meter.CreateHistogram(
        name, unit, description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAiBoundaries });
}
