using Pharos.Instrumentation;
using Pharos.Instrumentation.Metrics;
using Pharos.Instrumentation.Tracing;
using ProgressiveFramework.DataStores;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Hosting;
using ProgressiveFramework.Load;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Agents;

/// <summary>One context agent on its own port, with its own metrics, traces and logs: <c>POST /plans</c> (NPA, WPA) or
/// <c>POST /coordinate</c> (MCA), <c>/health</c>, <c>/metrics</c>.</summary>
public sealed class AgentHost : IAsyncDisposable
{
    private readonly FrameworkMetrics _metrics;
    private readonly WebApplication _app;
    private readonly FaultSwitches _faults;
    private readonly Dice _dice;
    private readonly ServiceLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _agentId;
    private Task _memory = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private Coordination? _coordination;

    private AgentHost(
        AgentProfile profile, FrameworkOptions options, int port, DataStoreSimulation stores, FaultSwitches faults, Random random,
        TimeProvider time)
    {
        Profile = profile;
        _faults = faults;
        _dice = new Dice(random);
        _agentId = $"{profile.Type}-0";
        _app = Service.Agent(profile.Type).Create(options, port, stores, time);
        _metrics = _app.Services.GetRequiredService<FrameworkMetrics>();
        _log = _app.Services.GetRequiredService<ServiceLog>();
        Tracer = _app.Services.GetRequiredService<AgentTracer>();
        Stores = _app.Services.GetRequiredService<DataStoreClient>();
        Mailbox = new Mailbox(profile.Type, _agentId, Tracer, Stores, _log);
        _app.Use(FallSilentAsync);
        _app.MapMetrics();
        _app.MapGet("/health", () => new { status = "ok", agent = profile.Type });
        Address = new Uri($"http://{options.Host}:{port}");
    }

    public AgentProfile Profile { get; }

    public Uri Address { get; private set; }

    public int Port => Address.Port;

    internal Mailbox Mailbox { get; }

    private AgentTracer Tracer { get; }

    private DataStoreClient Stores { get; }

    /// <summary>Starts an agent that makes plans.</summary>
    public static async Task<AgentHost> StartAsync(
        AgentProfile profile, FrameworkOptions options, int port, DataStoreSimulation stores, FaultSwitches faults, Random random,
        TimeProvider time)
    {
        var agent = new AgentHost(profile, options, port, stores, faults, random, time);
        var planning = new Planning(profile, agent._agentId, agent._metrics, agent.Tracer, agent.Stores, agent._dice, agent._log, time);
        agent._app.MapPost("/plans", planning.RunAsync);
        await agent.ListenAsync(time);
        return agent;
    }

    /// <summary>Starts MCA, which asks <paramref name="agents"/> for every plan and makes them agree.</summary>
    public static async Task<AgentHost> StartCoordinatorAsync(
        FrameworkOptions options, int port, IReadOnlyList<AgentHost> agents, DataStoreSimulation stores, FaultSwitches faults,
        Random random, TimeProvider time)
    {
        var agent = new AgentHost(AgentProfile.Coordinator, options, port, stores, faults, random, time);
        agent._coordination = new Coordination(
            agents, agent._metrics, agent.Tracer, agent.Stores, faults, agent._dice, agent._log, agent._agentId);
        agent._app.MapPost("/coordinate", agent._coordination.RunAsync);
        await agent.ListenAsync(time);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync();
        await _memory;
        await _reading;
        await _app.DisposeAsync();
        _coordination?.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync(TimeProvider time)
    {
        await _app.StartAsync();
        Address = new Uri($"http://{Address.Host}:{Listener.PortOf(_app)}");
        _memory = new AgentMemory(Profile, _agentId, _metrics, _faults, _dice, _log).RunAsync(time, _stop.Token);
        _reading = Mailbox.RunAsync(_stop.Token);
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
}
