using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;

namespace Pharos.Instrumentation.Tracing;

/// <summary>An operation or communication that is going on, until it is disposed of: then it counts as a success unless
/// <see cref="Fail(Exception, CancellationToken)"/> said otherwise.</summary>
/// <remarks>Costs nothing where nobody listens. A scope cannot see an exception that leaves its <c>using</c> block: catch it and
/// call <c>Fail</c>, or use <see cref="AgentTracer.Trace{TResult}"/>. One thread at a time.</remarks>
public readonly struct AgentScope : IDisposable
{
    private readonly AgentRun? _run;
    private readonly bool _isCommunication;

    internal AgentScope(AgentRun? run, bool isCommunication)
    {
        _run = run;
        _isCommunication = isCommunication;
    }

    /// <summary>The span, for attributes of the application's own; null where nobody listens.</summary>
    public Activity? Activity => _run?.Activity;

    /// <summary>Whether an attribute would be kept: worth asking before computing one.</summary>
    public bool IsRecording => Activity is { IsAllDataRequested: true };

    /// <summary>An attribute of the application's own.</summary>
    public void Set(string name, object? value)
    {
        if (IsRecording)
        {
            Activity!.SetTag(name, value);
        }
    }

    /// <summary>Length of the answer in bytes.</summary>
    public void SetResponse(long sizeBytes)
    {
        // Asked first: the number would be boxed for nobody.
        if (IsRecording)
        {
            Set(AgentAttributes.ResponseSize, sizeBytes);
        }
    }

    /// <summary>Length of the answer as JSON, as the framework's first tracer measured it; only worked out for a span that is
    /// kept.</summary>
    public void SetResponse<T>(T response, JsonTypeInfo<T> type)
    {
        if (IsRecording)
        {
            SetResponse(JsonSize.Of(response, type));
        }
    }

    /// <summary>What a language model used and said it was.</summary>
    public void SetUsage(long inputTokens, long outputTokens, string? responseModel = null)
    {
        if (!IsRecording)
        {
            return;
        }
        Set(GenAiConventions.InputTokens, inputTokens);
        Set(GenAiConventions.OutputTokens, outputTokens);
        if (responseModel is not null)
        {
            Set(GenAiConventions.ResponseModel, responseModel);
        }
    }

    /// <summary>The operation failed by this exception. Its event is recorded once, in the innermost span that hears of it.</summary>
    /// <param name="cancellation">The caller's token: what it cancelled is told from what went wrong.</param>
    public void Fail(Exception exception, CancellationToken cancellation = default) => _run?.Fail(exception, cancellation);

    /// <summary>The operation failed without an exception.</summary>
    /// <param name="errorType">One of few.</param>
    public void Fail(string errorType, string? description = null) => _run?.Fail(errorType, description);

    /// <summary>Writes this span's context into a message's headers, or that of the current span where nobody listens to this one.</summary>
    public void Inject(IDictionary<string, string> headers) => MessageContext.Inject(headers, Activity);

    /// <inheritdoc cref="Inject(IDictionary{string, string})"/>
    public void Inject(HttpRequestHeaders headers) => MessageContext.Inject(headers, Activity);

    public void Dispose() => _run?.End(_isCommunication);
}
