using Pharos.Instrumentation;
using Pharos.Instrumentation.Logging;
using ProgressiveFramework.DataStores;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Hosting;

/// <summary>What tells one observable service of the application from another.</summary>
/// <param name="Name">The resource attribute <c>service.name</c>.</param>
/// <param name="AgentType">Its name among the agents, and that of its log file.</param>
/// <param name="CountsRequests">Whether its HTTP requests are those of the framework's two HTTP metrics.</param>
public sealed record Service(string Name, string AgentType, bool CountsRequests)
{
    public static readonly Service Web = new("progressive-framework-v5", "web", CountsRequests: true);

    public static Service Agent(string type) => new(type, type, CountsRequests: false);

    /// <summary>A listener with metrics, traces and logs of its own, although all services share one process.</summary>
    public WebApplication Create(FrameworkOptions options, int port, DataStoreSimulation stores, TimeProvider time) =>
        Listener.Create(options.Host, port, builder =>
        {
            builder.Services.AddSingleton(time);
            builder.AddPharosInstrumentation(instrumentation =>
            {
                instrumentation.ServiceName = Name;
                instrumentation.ServiceVersion = "5.0.0";
                instrumentation.AgentType = AgentType;
                instrumentation.MeasuresRequests = CountsRequests;
                instrumentation.ExportTraces = options.OtlpEndpoint is not null;
                instrumentation.OtlpEndpoint = options.OtlpEndpoint;
                instrumentation.ResourceAttributes["deployment.environment"] = "demo";
                instrumentation.ResourceAttributes["deployment.environment.name"] = "demo";
                instrumentation.ResourceAttributes["service.namespace"] = "progressive-framework-prod";
                instrumentation.ResourceAttributes["service.instance.id"] = $"{AgentType}-0";
                instrumentation.Sources.Add(DataStoreClient.SourceName);
                // The process's own source: whose span it was, nobody could tell.
                instrumentation.Sources.Remove("System.Net.Http");
                instrumentation.IgnoredPaths.Add("/faults");
                if (!CountsRequests)
                {
                    // One process: the web API shows what the runtime does.
                    instrumentation.Meters.Remove("System.Runtime");
                    instrumentation.Meters.Remove("System.Net.Http");
                }
            });
            // Soon, so that a request's trace is there when somebody looks for it.
            builder.Configuration["OTEL_BSP_SCHEDULE_DELAY"] ??= "1000";
            builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
            builder.Logging.AddPharosJson(log =>
            {
                log.Service = Name;
                log.IncludeScopes = false;
                log.FilePath = options.LogFolder is { } folder ? Path.Combine(folder, $"{AgentType}.log") : null;
            });
            builder.Services.AddSingleton(services => new ServiceLog(services.GetRequiredService<ILoggerFactory>().CreateLogger(Name)));
            builder.Services.AddSingleton(services => new DataStoreClient(Name, stores, services.GetRequiredService<ServiceLog>(), time));
        });
}
