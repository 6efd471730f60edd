using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;
using Pharos.Instrumentation.Metrics;

namespace Pharos.Instrumentation.Http;

/// <summary>Stands around everything that an application does with a request, without a line in its program.</summary>
internal sealed class HttpInstrumentation(IOptions<InstrumentationOptions> options, FrameworkMetrics metrics) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(inner => new HttpTracing(inner, options.Value.IgnoredPaths).InvokeAsync);
        if (options.Value.MeasuresRequests)
        {
            app.UseHttpMetrics(metrics);
        }
        next(app);
    };
}
