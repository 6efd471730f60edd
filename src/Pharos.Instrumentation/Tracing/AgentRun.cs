using System.Diagnostics;

namespace Pharos.Instrumentation.Tracing;

/// <summary>An operation that is going on. There is none where nobody listens.</summary>
internal sealed class AgentRun(AgentTracer tracer, Activity? activity, string operation, string genAiOperation)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _ended;

    public Activity? Activity { get; } = activity;

    /// <summary>The type of what went wrong; null where nothing did.</summary>
    public string? ErrorType { get; private set; }

    public void Fail(Exception exception, CancellationToken cancellation)
    {
        var cancelled = exception is OperationCanceledException && cancellation.IsCancellationRequested;
        Fail(exception.GetType().FullName ?? "_OTHER", exception.Message, isError: !cancelled || tracer.Options.CancellationIsError);
        // What was asked for is no news for the log.
        if (ExceptionRecording.Record(Activity, exception) && !cancelled && tracer.Options.ExceptionLog is { } log)
        {
            AgentLog.OperationFailed(log, exception, operation, tracer.AgentType);
        }
    }

    public void Fail(string errorType, string? description, bool isError = true)
    {
        ErrorType = errorType;
        Activity?.SetTag(AgentAttributes.ErrorType, errorType);
        if (isError)
        {
            Activity?.SetStatus(ActivityStatusCode.Error, description);
        }
    }

    /// <summary>Only the first call does something: copies of a scope may each be disposed of.</summary>
    public void End(bool isCommunication)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }
        var took = Stopwatch.GetElapsedTime(_start);
        if (!isCommunication)
        {
            // Before the span ends: the measurement's exemplar is this span.
            tracer.Durations.Record(took, operation, genAiOperation, ErrorType);
        }
        if (Activity is null)
        {
            return;
        }
        if (!isCommunication)
        {
            Activity.SetTag(AgentAttributes.DurationMs, took.TotalMilliseconds);
            Activity.SetTag(AgentAttributes.Success, ErrorType is null);
        }
        Activity.Dispose();
    }
}
