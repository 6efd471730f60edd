using System.Diagnostics;
using Pharos.Instrumentation.Metrics;
using Pharos.Instrumentation.Tracing;
using ProgressiveFramework.DataStores;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Load;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Agents;

/// <summary>MCA's work: ask every agent for its plan, wait for all, agree on one, and tell them.</summary>
internal sealed class Coordination : IDisposable
{
    /// <summary>A plan that failed is asked for again; only what fails this often is given up.</summary>
    private const int MaxAttempts = 3;

    /// <summary>How long MCA waits for an agent before it goes on without it.</summary>
    private static readonly TimeSpan AgentTimeout = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<AgentHost> _agents;
    private readonly FrameworkMetrics _metrics;
    private readonly AgentTracer _tracer;
    private readonly DataStoreClient _stores;
    private readonly FaultSwitches _faults;
    private readonly Dice _dice;
    private readonly ServiceLog _log;
    private readonly string _agentId;

    /// <summary>The tracer writes the context into its requests, so the handler must not.</summary>
    private readonly HttpClient _client = new(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { Timeout = AgentTimeout };

    public Coordination(
        IReadOnlyList<AgentHost> agents, FrameworkMetrics metrics, AgentTracer tracer, DataStoreClient stores, FaultSwitches faults,
        Dice dice, ServiceLog log, string agentId)
    {
        _agents = agents;
        _metrics = metrics;
        _tracer = tracer;
        _stores = stores;
        _faults = faults;
        _dice = dice;
        _log = log;
        _agentId = agentId;
    }

    public void Dispose() => _client.Dispose();

    public Task RunAsync(HttpContext context) => _tracer.TraceAsync(
        new AgentOperation("coordinate") { AgentId = _agentId, RequestSize = context.Request.ContentLength ?? 0 },
        (scope, cancellation) => CoordinateAsync(scope, context, cancellation), context.RequestAborted);

    private async Task CoordinateAsync(AgentScope scope, HttpContext context, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var wanted = context.Request.Query["plan"].ToString();
        await _stores.AskAsync(DataStore.Redis, "GET", "coordination", "GET coordination:?", cancellation);
        var asked = _agents.Where(agent => wanted is "" or "both" || wanted == agent.Profile.Type).ToArray();
        var answers = await Task.WhenAll(asked.Select(agent => AskAsync(agent, cancellation)));
        var agreed = !_faults.IsOn(Fault.CoordinationFailures) || _dice.Chance(0.4);
        var involved = string.Join('+', asked.Select(agent => agent.Profile.Type).Prepend(AgentProfile.Coordinator.Type));
        if (!agreed)
        {
            _metrics.AgentError(AgentProfile.Coordinator.Type, "coordination_failure");
            scope.Fail("coordination_failure", "the plans contradict each other");
            _log.Error("agents could not be coordinated", ("agent_type", "mca"), ("agent_id", _agentId),
                ("coordination_event", "conflict"), ("error_details", "the plans contradict each other"));
        }
        else
        {
            _log.Info("agents coordinated", ("agent_type", "mca"), ("agent_id", _agentId), ("coordination_event", "agreed"));
            Tell(asked);
        }
        _metrics.AgentSyncEvent(agreed ? "agreed" : "conflict", involved);
        var succeeded = agreed && Array.TrueForAll(answers, answer => answer);
        _metrics.AgentRequest(
            AgentProfile.Coordinator.Type, "coordinate", succeeded ? "200" : "503", Stopwatch.GetElapsedTime(start));
        context.Response.StatusCode = succeeded ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
    }

    /// <summary>Word of what was agreed, which nobody waits for.</summary>
    private void Tell(IEnumerable<AgentHost> agents)
    {
        foreach (var agent in agents)
        {
            var note = new AgentNote("agreed", []);
            using var sending = _tracer.StartSend(Mailbox.Describe(agent.Profile.Type, note));
            sending.Inject(note.Headers);
            agent.Mailbox.Put(note);
        }
    }

    private async Task<bool> AskAsync(AgentHost agent, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        using var sending = _tracer.StartSend(new AgentCommunication(AgentProfile.Coordinator.Type, agent.Profile.Type, "plan_request")
        {
            DataSize = 0,
            ServerAddress = agent.Address,
        });
        try
        {
            for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(agent.Address, "/plans"));
                sending.Inject(request.Headers);
                using var response = await _client.SendAsync(request, cancellation);
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }
                sending.Activity?.AddEvent(new ActivityEvent(
                    "retry", tags: new ActivityTagsCollection { ["attempt"] = attempt, ["http.response.status_code"] = (int)response.StatusCode }));
            }
            sending.Fail("plan_generation", "no attempt gave a plan");
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            _metrics.AgentError(agent.Profile.Type, "timeout");
            sending.Fail(e, cancellation);
            _log.Error($"{agent.Profile.Type} did not answer", ("agent_type", "mca"), ("agent_id", _agentId),
                ("coordination_event", "timeout"), ("error_details", e.GetType().Name));
            return false;
        }
        finally
        {
            _metrics.Coordination(AgentProfile.Coordinator.Type, agent.Profile.Type, Stopwatch.GetElapsedTime(start));
        }
    }
}
