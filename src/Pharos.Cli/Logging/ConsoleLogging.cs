using Microsoft.Extensions.Logging;

namespace Pharos.Cli.Logging;

/// <summary>Makes loggers that write to standard error in Prometheus' forms.</summary>
internal static class ConsoleLogging
{
    /// <remarks>Without the builder, whose service container took a thirtieth of the processor time of a start.</remarks>
    public static ILoggerFactory Create(LogLevel level, bool json)
    {
        // The web server's own notes are of use only when something is wrong.
        var web = new LoggerFilterRule(providerName: null, "Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning, filter: null);
        return new LoggerFactory(
            [new ConsoleLoggerProvider(TimeProvider.System, json)], new LoggerFilterOptions { MinLevel = level, Rules = { web } });
    }
}
