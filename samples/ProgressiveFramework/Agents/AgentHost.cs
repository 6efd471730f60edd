using System.Diagnostics;
using Pharos.Instrumentation;
using Pharos.Instrumentation.Exposition;
using Pharos.Instrumentation.Metrics;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Hosting;
using ProgressiveFramework.Load;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Agents;

/// <summary>One context agent on its own port, with its own metrics: <c>POST /plans</c> (NPA, WPA) or
/// <c>POST /coordinate</c> (MCA), <c>/health</c>, <c>/metrics</c>.</summary>
public sealed class AgentHost : IAsyncDisposable
{
    private readonly FrameworkMetrics _metrics = new();
    private readonly ProcessMetrics _process = new();
    private readonly PrometheusExporter _exporter;
    private readonly WebApplication _app;
    private readonly FaultSwitches _faults;
    private readonly Dice _dice;
    private readonly JsonLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _agentId;
    private Task _memory = Task.CompletedTask;
    private Coordination? _coordination;

    private AgentHost(AgentProfile profile, string host, int port, FaultSwitches faults, Random random, JsonLog log)
    {
        Profile = profile;
        _faults = faults;
        _dice = new Dice(random);
        _log = log;
        _agentId = $"{profile.Type}-0";
        _exporter = new PrometheusExporter(_metrics.Meter, _process.Meter);
        _app = Listener.Create(host, port);
        _app.Use(FallSilentAsync);
        _app.MapMetrics(_exporter);
        _app.MapGet("/health", () => new { status = "ok", agent = profile.Type });
        Address = new Uri($"http://{host}:{port}");
    }

    public AgentProfile Profile { get; }

    public Uri Address { get; private set; }

    public int Port => Address.Port;

    /// <summary>Starts an agent that makes plans.</summary>
    public static async Task<AgentHost> StartAsync(
        AgentProfile profile, string host, int port, FaultSwitches faults, Random random, JsonLog log, TimeProvider time)
    {
        var agent = new AgentHost(profile, host, port, faults, random, log);
        agent._app.MapPost("/plans", (HttpContext context) => agent.MakePlanAsync(context, time));
        await agent.ListenAsync(time);
        return agent;
    }

    /// <summary>Starts MCA, which asks <paramref name="agents"/> for every plan and makes them agree.</summary>
    public static async Task<AgentHost> StartCoordinatorAsync(
        string host, int port, IReadOnlyList<AgentHost> agents, FaultSwitches faults, Random random, JsonLog log,
        TimeProvider time)
    {
        var agent = new AgentHost(AgentProfile.Coordinator, host, port, faults, random, log);
        agent._coordination = new Coordination(agents, agent._metrics, faults, agent._dice, log, agent._agentId);
        agent._app.MapPost("/coordinate", agent._coordination.RunAsync);
        await agent.ListenAsync(time);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _memory;
        _coordination?.Dispose();
        _exporter.Dispose();
        _metrics.Dispose();
        _process.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync(TimeProvider time)
    {
        await _app.StartAsync();
        Address = new Uri($"http://{Address.Host}:{Listener.PortOf(_app)}");
        _memory = new AgentMemory(Profile, _agentId, _metrics, _faults, _dice, _log).RunAsync(time, _stop.Token);
        _log.Info("agent started", ("agent_type", Profile.Type), ("agent_id", _agentId));
    }

    /// <summary>While the fault is on, a request hangs until its sender gives up or the agent stops.</summary>
    private async Task FallSilentAsync(HttpContext context, RequestDelegate next)
    {
        if (Profile == AgentProfile.Nutrition && _faults.IsOn(Fault.AgentUnresponsive))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
            await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(
                _ => context.Abort(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return;
        }
        await next(context);
    }

    private async Task MakePlanAsync(HttpContext context, TimeProvider time)
    {
        var start = Stopwatch.GetTimestamp();
        var traceId = context.Request.Headers["x-trace-id"].ToString();
        await Task.Delay(_dice.LogNormal(Profile.MedianSeconds, spread: 0.6, maxSeconds: 8), time, context.RequestAborted);
        var success = !_dice.Chance(0.03);
        var kind = CountPlan(success);
        var took = Stopwatch.GetElapsedTime(start);
        _metrics.AgentRequest(Profile.Type, "generate_plan", success ? "200" : "500", took);
        if (success)
        {
            _log.Info($"plan_generation finished: {kind}", ("agent_type", Profile.Type), ("agent_id", _agentId),
                ("trace_id", traceId), ("performance_metric", Math.Round(took.TotalMilliseconds)));
            await context.Response.WriteAsJsonAsync(new { plan = kind, agent = Profile.Type }, context.RequestAborted);
            return;
        }
        _metrics.AgentError(Profile.Type, "plan_generation");
        _log.Error($"plan_generation failed: {kind}", ("agent_type", Profile.Type), ("agent_id", _agentId),
            ("trace_id", traceId), ("error_details", "the model gave no usable plan"));
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    private string CountPlan(bool success)
    {
        if (Profile == AgentProfile.Nutrition)
        {
            var plan = _dice.OneOf(AgentProfile.NutritionPlans);
            _metrics.NutritionPlan(plan, success);
            return plan;
        }
        var workout = _dice.OneOf(AgentProfile.WorkoutTypes);
        var difficulty = _dice.OneOf(AgentProfile.Difficulties);
        _metrics.WorkoutPlan(workout, difficulty, success);
        return $"{workout} ({difficulty})";
    }
}
