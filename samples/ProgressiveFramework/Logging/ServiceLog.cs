namespace ProgressiveFramework.Logging;

/// <summary>What happens in one service, as the framework's Promtail pipeline expects it: a message and named fields. The lines
/// themselves, with the trace that they belong to, are the instrumentation's.</summary>
public sealed class ServiceLog(ILogger log)
{
    public void Info(string message, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        Write(LogLevel.Information, message, fields);

    public void Warning(string message, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        Write(LogLevel.Warning, message, fields);

    public void Error(string message, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        Write(LogLevel.Error, message, fields);

    private void Write(LogLevel level, string message, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        if (!log.IsEnabled(level))
        {
            return;
        }
        var state = new KeyValuePair<string, object?>[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            state[i] = new(fields[i].Name, fields[i].Value);
        }
        log.Log(level, default, state, null, (_, _) => message);
    }
}
