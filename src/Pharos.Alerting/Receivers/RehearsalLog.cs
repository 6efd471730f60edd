using Microsoft.Extensions.Logging;

namespace Pharos.Alerting.Receivers;

/// <summary>Collects the fields whose templates <see cref="NotificationRenderer"/> had to replace.</summary>
internal sealed class RehearsalLog : ILogger
{
    public const string FieldKey = "Field";
    public const string ProblemKey = "Problem";

    private readonly List<RehearsalProblem> _problems = [];

    public IReadOnlyList<RehearsalProblem> Problems => _problems;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values && Value(values, FieldKey) is { } field)
        {
            _problems.Add(new RehearsalProblem(field, Value(values, ProblemKey) ?? ""));
        }
    }

    private static string? Value(IReadOnlyList<KeyValuePair<string, object?>> values, string key) =>
        values.FirstOrDefault(pair => pair.Key == key).Value?.ToString();
}
