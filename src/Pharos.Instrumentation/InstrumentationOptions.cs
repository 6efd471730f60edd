namespace Pharos.Instrumentation;

/// <summary>What <c>AddPharosInstrumentation</c> watches and where it sends traces.</summary>
/// <remarks>Whatever is not set here is taken from OpenTelemetry's environment variables (<c>OTEL_*</c>), and then from what the
/// specification says is the default.</remarks>
public sealed class InstrumentationOptions
{
    /// <summary>The resource attribute <c>service.name</c>. Without it <c>OTEL_SERVICE_NAME</c>, then the application's name.</summary>
    public string? ServiceName { get; set; }

    /// <summary>The resource attribute <c>service.version</c>.</summary>
    public string? ServiceVersion { get; set; }

    /// <summary>The kind of agent that <c>AgentTracer</c> is for; without it the service's name.</summary>
    public string? AgentType { get; set; }

    /// <summary>Further attributes of the resource that every span belongs to.</summary>
    public IDictionary<string, string> ResourceAttributes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Meters whose instruments <c>/metrics</c> shows; a name may end in <c>*</c>.</summary>
    public IList<string> Meters { get; } =
    [
        Metrics.FrameworkMetrics.MeterName, Metrics.ProcessMetrics.MeterName, Tracing.AgentTracer.MeterName, "Pharos.Instrumentation",
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime",
    ];

    /// <summary>Activity sources whose spans are exported; a name may end in <c>*</c>.</summary>
    /// <remarks>A source that carries the tag <c>service.name</c> is exported by the host of that service alone; several hosts may
    /// share a process.</remarks>
    public IList<string> Sources { get; } =
        [Tracing.AgentTracer.SourcePrefix + "*", Http.RequestSource.Name, "System.Net.Http", "Npgsql"];

    /// <summary>Requests for exactly these paths are not traced.</summary>
    public IList<string> IgnoredPaths { get; } = ["/metrics", "/health", "/healthz", "/ready"];

    /// <summary>Counts and times every request in the framework's two HTTP metrics.</summary>
    public bool MeasuresRequests { get; set; } = true;

    /// <summary>Native histograms beside the classic buckets, for scrapers that ask for protobuf.</summary>
    public bool NativeHistograms { get; set; } = true;

    /// <summary>Turn this off where OpenTelemetry's SDK exports traces.</summary>
    public bool ExportTraces { get; set; } = true;

    /// <summary>Base address of an OTLP receiver; <c>/v1/traces</c> is added. Without it
    /// <c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, then <c>http://localhost:4318</c>.</summary>
    public Uri? OtlpEndpoint { get; set; }
}
