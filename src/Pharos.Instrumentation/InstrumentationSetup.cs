using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pharos.Instrumentation.Export;
using Pharos.Instrumentation.Exposition;
using Pharos.Instrumentation.Http;
using Pharos.Instrumentation.Metrics;
using Pharos.Instrumentation.Tracing;

namespace Pharos.Instrumentation;

/// <summary>One line that makes an application observable.</summary>
public static class InstrumentationSetup
{
    /// <summary>Adds the framework's twelve metrics and the process's, the measuring and tracing of requests, an
    /// <see cref="AgentTracer"/> and the export of traces by OTLP. <c>app.MapMetrics()</c> serves the metrics.</summary>
    /// <remarks><see cref="FrameworkMetrics"/>, <see cref="AgentTracer"/> and <see cref="PrometheusExporter"/> are then to be had from
    /// the services.</remarks>
    public static TBuilder AddPharosInstrumentation<TBuilder>(this TBuilder builder, Action<InstrumentationOptions>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddMetrics();
        services.AddOptions<InstrumentationOptions>().Configure(configure ?? (_ => { }))
            .Validate(options => options.OtlpEndpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https" },
                "InstrumentationOptions.OtlpEndpoint wants an absolute http or https address.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FrameworkMetrics>(provider => new FrameworkMetrics(provider.GetRequiredService<IMeterFactory>()));
        services.TryAddSingleton<ProcessMetrics>(provider => new ProcessMetrics(provider.GetRequiredService<IMeterFactory>()));
        services.TryAddSingleton<ExportCounts>();
        services.TryAddSingleton(provider => OtlpTraceOptions.Read(
            Options(provider), builder.Configuration, builder.Environment.ApplicationName, builder.Environment.EnvironmentName));
        services.TryAddSingleton(CreateExporter);
        services.TryAddSingleton(provider => CreateTracer(provider, builder));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, HttpInstrumentation>());
        services.AddHostedService(provider => new OtlpTraceExport(
            provider.GetRequiredService<OtlpTraceOptions>(), Options(provider).Sources, provider.GetService<ActivitySource>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OtlpTraceExport>>(),
            provider.GetRequiredService<ExportCounts>()));
        // What is measured before the first scrape counts as well.
        services.AddHostedService<ExporterStart>();
        return builder;
    }

    private static InstrumentationOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<InstrumentationOptions>>().Value;

    private static PrometheusExporter CreateExporter(IServiceProvider provider)
    {
        var options = Options(provider);
        var exporter = new PrometheusExporter(new PrometheusExporterOptions
        {
            MeterNames = [.. options.Meters],
            Scope = provider.GetRequiredService<IMeterFactory>(),
            NativeHistograms = options.NativeHistograms,
            Time = provider.GetRequiredService<TimeProvider>(),
        });
        provider.GetRequiredService<IMeterFactory>().Create(new MeterOptions("Pharos.Instrumentation")).CreateObservableCounter(
            "pharos_instrumentation_overflowed_measurements_total", () => exporter.OverflowedMeasurements, null,
            "Measurements of label sets beyond the limit of series");
        return exporter;
    }

    private static AgentTracer CreateTracer(IServiceProvider provider, IHostApplicationBuilder builder)
    {
        var options = Options(provider);
        var service = provider.GetRequiredService<OtlpTraceOptions>().ServiceName;
        return new AgentTracer(options.AgentType ?? service, new AgentTracerOptions
        {
            ServiceName = service,
            MeterFactory = provider.GetRequiredService<IMeterFactory>(),
            Conventions = GenAiConventions.Of(builder.Configuration[GenAiConventions.OptInVariable]),
            ExceptionLog = provider.GetRequiredService<ILogger<AgentTracer>>(),
        });
    }

    /// <summary>Makes what nobody else asks for before requests come.</summary>
    private sealed class ExporterStart(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<PrometheusExporter>();
            services.GetRequiredService<ProcessMetrics>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
