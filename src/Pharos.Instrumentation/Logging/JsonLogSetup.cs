using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pharos.Instrumentation.Logging;

/// <summary>Logs as JSON lines that lead to their trace.</summary>
public static class JsonLogSetup
{
    /// <summary>Writes each log record as a line of JSON to standard output, or to a file: <c>timestamp</c>, <c>level</c>,
    /// <c>message</c>, <c>service</c>, <c>trace_id</c> and <c>span_id</c> of the current span, the message's own values,
    /// the scopes', and an exception. Other providers stay; <c>builder.Logging.ClearProviders()</c> before this makes it the only one.</summary>
    public static ILoggingBuilder AddPharosJson(this ILoggingBuilder logging, Action<JsonLogOptions>? configure = null)
    {
        var options = new JsonLogOptions();
        configure?.Invoke(options);
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.Services.AddSingleton<ILoggerProvider>(provider => new JsonLogProvider(
            options, options.Service ?? provider.GetService<IHostEnvironment>()?.ApplicationName ?? "application",
            provider.GetRequiredService<TimeProvider>()));
        return logging;
    }
}
