using System.Diagnostics;
using Pharos.Instrumentation.Metrics;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Load;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Agents;

/// <summary>MCA's work: ask every agent for its plan, wait for all, agree on one.</summary>
internal sealed class Coordination : IDisposable
{
    /// <summary>A plan that failed is asked for again; only what fails this often is given up.</summary>
    private const int MaxAttempts = 3;

    /// <summary>How long MCA waits for an agent before it goes on without it.</summary>
    private static readonly TimeSpan AgentTimeout = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<AgentHost> _agents;
    private readonly FrameworkMetrics _metrics;
    private readonly FaultSwitches _faults;
    private readonly Dice _dice;
    private readonly JsonLog _log;
    private readonly string _agentId;
    private readonly HttpClient _client = new() { Timeout = AgentTimeout };

    public Coordination(
        IReadOnlyList<AgentHost> agents, FrameworkMetrics metrics, FaultSwitches faults, Dice dice, JsonLog log, string agentId)
    {
        _agents = agents;
        _metrics = metrics;
        _faults = faults;
        _dice = dice;
        _log = log;
        _agentId = agentId;
    }

    public void Dispose() => _client.Dispose();

    public async Task RunAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var wanted = context.Request.Query["plan"].ToString();
        var traceId = context.Request.Headers["x-trace-id"].ToString();
        var asked = _agents.Where(agent => wanted is "" or "both" || wanted == agent.Profile.Type).ToArray();
        var answers = await Task.WhenAll(asked.Select(agent => AskAsync(agent, traceId, context.RequestAborted)));
        var agreed = !_faults.IsOn(Fault.CoordinationFailures) || _dice.Chance(0.4);
        var involved = string.Join('+', asked.Select(agent => agent.Profile.Type).Prepend(AgentProfile.Coordinator.Type));
        if (!agreed)
        {
            _metrics.AgentError(AgentProfile.Coordinator.Type, "coordination_failure");
            _log.Error("agents could not be coordinated", ("agent_type", "mca"), ("agent_id", _agentId),
                ("coordination_event", "conflict"), ("trace_id", traceId), ("error_details", "the plans contradict each other"));
        }
        else
        {
            _log.Info("agents coordinated", ("agent_type", "mca"), ("agent_id", _agentId), ("coordination_event", "agreed"),
                ("trace_id", traceId));
        }
        _metrics.AgentSyncEvent(agreed ? "agreed" : "conflict", involved);
        var succeeded = agreed && Array.TrueForAll(answers, answer => answer);
        _metrics.AgentRequest(
            AgentProfile.Coordinator.Type, "coordinate", succeeded ? "200" : "503", Stopwatch.GetElapsedTime(start));
        context.Response.StatusCode = succeeded ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
    }

    private async Task<bool> AskAsync(AgentHost agent, string traceId, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(agent.Address, "/plans"));
                request.Headers.Add("x-trace-id", traceId);
                using var response = await _client.SendAsync(request, cancellation);
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            _metrics.AgentError(agent.Profile.Type, "timeout");
            _log.Error($"{agent.Profile.Type} did not answer", ("agent_type", "mca"), ("agent_id", _agentId),
                ("coordination_event", "timeout"), ("trace_id", traceId), ("error_details", e.GetType().Name));
            return false;
        }
        finally
        {
            _metrics.Coordination(AgentProfile.Coordinator.Type, agent.Profile.Type, Stopwatch.GetElapsedTime(start));
        }
    }
}
