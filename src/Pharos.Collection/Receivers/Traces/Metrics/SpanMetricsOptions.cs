namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>What is made out of spans as they come in, and how much of it at most.</summary>
public sealed record SpanMetricsOptions
{
    public static readonly SpanMetricsOptions Default = new();

    /// <summary><c>traces_span_metrics_*</c>, which Jaeger's Monitor asks for.</summary>
    public bool JaegerNames { get; init; } = true;

    /// <summary><c>traces_spanmetrics_*</c>, which Tempo's dashboards and Grafana ask for.</summary>
    public bool TempoNames { get; init; } = true;

    /// <summary><c>traces_target_info</c>: what a resource says of itself.</summary>
    public bool TargetInfo { get; init; } = true;

    /// <summary><c>traces_service_graph_*</c>.</summary>
    public bool ServiceGraph { get; init; } = true;

    /// <summary>Calls between services, for Jaeger's dependencies.</summary>
    public bool Dependencies { get; init; } = true;

    public bool Exemplars { get; init; } = true;

    /// <summary>Series are written as often, whether or not they have changed, as a scraped target's are.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A series that no span has changed for so long ends.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Span names of one service, each with its kind and status; further ones are one.</summary>
    public int MaxNamesPerService { get; init; } = 500;

    /// <summary>The same of all services together; beyond, a new one's spans are all one.</summary>
    public int MaxNames { get; init; } = 5_000;

    /// <summary>Services, and what else stands at an end of the service graph.</summary>
    public int MaxServices { get; init; } = 10_000;

    /// <summary>Edges of the service graph; further ones are one.</summary>
    public int MaxEdges { get; init; } = 2_000;

    public int MaxTargets { get; init; } = 2_000;

    /// <summary>Spans that wait for the other side of their call.</summary>
    public int MaxPending { get; init; } = 10_000;

    public TimeSpan PendingWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Spans that are remembered until a parent or a child of another service comes: in two generations, of so many each.</summary>
    public int MaxRemembered { get; init; } = 65_536;

    /// <summary>How long a generation of them lasts where it is not full before: a span is remembered once to twice as long.</summary>
    public TimeSpan RememberedFor { get; init; } = TimeSpan.FromSeconds(60);
}
