using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Pharos.Storage.Tests;

/// <summary>Keeps what was logged at warning and above.</summary>
public sealed class RecordingLogger : ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
        {
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
