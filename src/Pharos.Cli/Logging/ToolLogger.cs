using Microsoft.Extensions.Logging;

namespace Pharos.Cli.Logging;

/// <summary>What a store that a tool opens has to say of damage, on standard error: nobody else would hear of it, and what was set aside is not
/// named again.</summary>
internal sealed class ToolLogger : ILogger
{
    public static readonly ToolLogger Instance = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Console.Error.WriteLine(exception is null
                ? $"pharos: {formatter(state, exception)}" : $"pharos: {formatter(state, exception)}: {exception.Message}");
        }
    }
}
