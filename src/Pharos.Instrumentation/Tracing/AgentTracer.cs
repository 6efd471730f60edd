using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pharos.Instrumentation.Tracing;

/// <summary>Makes the spans of one kind of agent: its operations and its communication with others.</summary>
/// <remarks>Three styles: <c>Trace</c> around a function, <c>TraceAsync</c> around an asynchronous one, and
/// <see cref="StartOperation(AgentOperation)"/> with <c>using</c>. Overloads with a state take static lambdas, so that nothing is
/// captured. Where nobody listens they only run the function. Thread-safe; lives as long as the agent.</remarks>
public sealed class AgentTracer : IDisposable
{
    /// <summary>Sources are named <c>progressive-agent-{type}</c>: listen to <c>progressive-agent-*</c>.</summary>
    public const string SourcePrefix = "progressive-agent-";

    /// <summary>The meter of <c>agent_operation_duration_seconds</c>.</summary>
    public const string MeterName = "Pharos.Instrumentation.Agents";

    /// <summary>Bounds the names of spans; further operations are <c>agent.other</c>.</summary>
    public const int MaxOperationNames = 256;

    private const int MaxNameLength = 64;
    private const string CommunicationName = "agent.communication";

    private readonly ActivitySource _source;
    private readonly ConcurrentDictionary<string, string> _spanNames = new(StringComparer.Ordinal);

    /// <param name="agentType">The attribute <c>agent.type</c>: <c>npa</c>.</param>
    public AgentTracer(string agentType, AgentTracerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(agentType);
        AgentType = agentType;
        Options = options ?? new AgentTracerOptions();
        Durations = new AgentDurations(agentType, Options);
        _source = new ActivitySource(new ActivitySourceOptions(SourcePrefix + agentType)
        {
            Version = Options.Version,
            Tags = Options.ServiceName is { } service ? new ActivityTagsCollection([new("service.name", service)]) : null,
        });
    }

    public string AgentType { get; }

    internal AgentTracerOptions Options { get; }

    internal AgentDurations Durations { get; }

    /// <summary>Runs an operation; its exception is recorded and goes on.</summary>
    public TResult Trace<TResult>(AgentOperation operation, Func<AgentScope, TResult> work) =>
        Trace(operation, work, static (scope, work) => work(scope));

    /// <inheritdoc cref="Trace{TResult}"/>
    public TResult Trace<TState, TResult>(AgentOperation operation, TState state, Func<AgentScope, TState, TResult> work)
    {
        using var scope = StartOperation(operation);
        try
        {
            return work(scope, state);
        }
        catch (Exception e)
        {
            scope.Fail(e);
            throw;
        }
    }

    /// <inheritdoc cref="Trace{TResult}"/>
    /// <param name="cancellation">Handed to the operation; what it cancels is told from what goes wrong.</param>
    public Task<TResult> TraceAsync<TResult>(
        AgentOperation operation, Func<AgentScope, CancellationToken, Task<TResult>> work, CancellationToken cancellation = default) =>
        TraceAsync(operation, work, static (scope, work, cancellation) => work(scope, cancellation), cancellation);

    /// <inheritdoc cref="Trace{TResult}"/>
    public async Task<TResult> TraceAsync<TState, TResult>(
        AgentOperation operation, TState state, Func<AgentScope, TState, CancellationToken, Task<TResult>> work,
        CancellationToken cancellation = default)
    {
        using var scope = StartOperation(operation);
        try
        {
            return await work(scope, state, cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            scope.Fail(e, cancellation);
            throw;
        }
    }

    /// <inheritdoc cref="Trace{TResult}"/>
    public Task TraceAsync(
        AgentOperation operation, Func<AgentScope, CancellationToken, Task> work, CancellationToken cancellation = default) =>
        TraceAsync(operation, work, static async (scope, work, cancellation) =>
        {
            await work(scope, cancellation).ConfigureAwait(false);
            return true;
        }, cancellation);

    /// <summary>Begins an operation that ends where its scope is disposed of. Its span is the current one until then.</summary>
    public AgentScope StartOperation(AgentOperation operation)
    {
        if (!_source.HasListeners() && !Durations.IsEnabled)
        {
            return default;
        }
        var spanName = SpanNameOf(operation.Name);
        var genAi = operation.GenAiOperation ?? GenAiConventions.InvokeAgent;
        var activity = _source.HasListeners() ? Start(operation, spanName, genAi) : null;
        return new AgentScope(new AgentRun(this, activity, spanName["agent.".Length..], genAi), isCommunication: false);
    }

    /// <summary>Begins to send: CLIENT or PRODUCER. Put its context into the message with <c>Inject</c>.</summary>
    public AgentScope StartSend(AgentCommunication communication) => Communicate(communication,
        communication.Pattern == CommunicationPattern.Request ? ActivityKind.Client : ActivityKind.Producer, default, []);

    /// <summary>Begins to handle a message: SERVER or CONSUMER, below the sender's span, with its baggage.</summary>
    /// <param name="headers">The message's, as <c>Inject</c> wrote them.</param>
    public AgentScope StartReceive(AgentCommunication communication, IReadOnlyDictionary<string, string> headers) =>
        _source.HasListeners()
            ? Communicate(communication,
                communication.Pattern == CommunicationPattern.Request ? ActivityKind.Server : ActivityKind.Consumer,
                MessageContext.Extract(headers), MessageContext.ExtractBaggage(headers))
            : default;

    public void Dispose()
    {
        _source.Dispose();
        Durations.Dispose();
    }

    private Activity? Start(in AgentOperation operation, string spanName, string genAi)
    {
        // At the start, so that a sampler sees them.
        var tags = new ActivityTagsCollection
        {
            [AgentAttributes.Type] = AgentType,
            [AgentAttributes.Operation] = operation.Name,
        };
        AddIfSet(tags, AgentAttributes.Id, operation.AgentId);
        AddIfSet(tags, AgentAttributes.RequestSize, operation.RequestSize);
        if (Options.GenAiAttributes)
        {
            tags[GenAiConventions.OperationName] = genAi;
            tags[GenAiConventions.ProviderName] = Options.ProviderName;
            tags[GenAiConventions.AgentName] = Options.AgentName ?? AgentType;
            AddIfSet(tags, GenAiConventions.AgentId, Options.Conventions.AgentIdOnInternalSpans ? operation.AgentId : null);
            AddIfSet(tags, GenAiConventions.ConversationId, operation.ConversationId);
            AddIfSet(tags, GenAiConventions.RequestModel, operation.RequestModel);
            AddIfSet(tags, GenAiConventions.ToolName, operation.ToolName);
        }
        var name = Options.GenAiSpanNames ? $"{genAi} {operation.ToolName ?? Options.AgentName ?? AgentType}" : spanName;
        return _source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), tags);
    }

    private AgentScope Communicate(
        in AgentCommunication communication, ActivityKind kind, ActivityContext parent, IReadOnlyList<KeyValuePair<string, string?>> baggage)
    {
        if (!_source.HasListeners())
        {
            return default;
        }
        var tags = new ActivityTagsCollection
        {
            [AgentAttributes.CommunicationSource] = communication.Source,
            [AgentAttributes.CommunicationTarget] = communication.Target,
            [AgentAttributes.CommunicationType] = communication.Type,
        };
        AddIfSet(tags, AgentAttributes.CommunicationDataSize, communication.DataSize);
        if (kind is ActivityKind.Client or ActivityKind.Producer)
        {
            tags[AgentAttributes.PeerService] = communication.PeerService ?? communication.Target;
        }
        if (communication.ServerAddress is { } address)
        {
            tags[AgentAttributes.ServerAddress] = address.Host;
            tags[AgentAttributes.ServerPort] = address.Port;
        }
        var activity = _source.StartActivity(CommunicationName, kind, parent, tags);
        foreach (var (name, value) in baggage)
        {
            activity?.AddBaggage(name, value);
        }
        return activity is null ? default : new AgentScope(new AgentRun(this, activity, "communication", ""), isCommunication: true);
    }

    private string SpanNameOf(string operation)
    {
        if (_spanNames.TryGetValue(operation, out var known))
        {
            return known;
        }
        var isPlain = operation.Length is > 0 and <= MaxNameLength
            && operation.AsSpan().IndexOfAnyExcept(NameCharacters) < 0;
        if (!isPlain || _spanNames.Count >= MaxOperationNames)
        {
            return "agent.other";
        }
        return _spanNames.GetOrAdd(operation, static name => "agent." + name);
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    private static void AddIfSet(ActivityTagsCollection tags, string name, object? value)
    {
        if (value is not null)
        {
            tags[name] = value;
        }
    }
}
