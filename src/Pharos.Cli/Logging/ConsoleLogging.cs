using Microsoft.Extensions.Logging;

namespace Pharos.Cli.Logging;

/// <summary>Makes loggers that write to standard error in Prometheus' forms.</summary>
internal static class ConsoleLogging
{
    public static ILoggerFactory Create(LogLevel level, bool json) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(level);
        // The web server's own notes are of use only when something is wrong.
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddProvider(new ConsoleLoggerProvider(TimeProvider.System, json));
    });
}
