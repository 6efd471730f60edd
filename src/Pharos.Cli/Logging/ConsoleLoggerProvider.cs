using Microsoft.Extensions.Logging;

namespace Pharos.Cli.Logging;

/// <summary>Writes one line per message to standard error.</summary>
/// <remarks>Thread-safe: the console's writer is synchronised.</remarks>
internal sealed class ConsoleLoggerProvider(TimeProvider time, bool json) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Line(categoryName, time, json);

    public void Dispose()
    {
    }

    private sealed class Line(string category, TimeProvider time, bool json) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            Console.Error.WriteLine(LogLine.Write(
                time.GetUtcNow(), logLevel, category, message, exception?.ToString(), json));
        }
    }
}
