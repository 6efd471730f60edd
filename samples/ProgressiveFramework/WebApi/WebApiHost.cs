using Pharos.Instrumentation;
using Pharos.Instrumentation.Metrics;
using Pharos.Instrumentation.Tracing;
using ProgressiveFramework.DataStores;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Hosting;
using ProgressiveFramework.Load;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.WebApi;

/// <summary>The web API: users, sessions and plans, <c>/metrics</c>, and the fault switches.</summary>
public sealed class WebApiHost : IAsyncDisposable
{
    private const string Environment = "demo";

    /// <summary>What goes wrong on a good day: far below the error budget of 99.9 %.</summary>
    private const double UnexplainedErrors = 0.00005;

    private readonly FrameworkMetrics _metrics;
    private readonly AgentTracer _tracer;
    private readonly DataStoreClient _database;
    private readonly WebApplication _app;
    private readonly FaultSwitches _faults;
    private readonly Dice _dice;
    private readonly ServiceLog _log;
    private readonly Uri _coordinatorAddress;
    private readonly HttpClient _coordinator;
    private readonly DataStoreSimulation _stores;
    private int _users;

    private WebApiHost(
        FrameworkOptions options, Uri coordinator, FaultSwitches faults, DataStoreSimulation stores, Random random, TimeProvider time)
    {
        _faults = faults;
        _stores = stores;
        _dice = new Dice(random);
        _coordinatorAddress = coordinator;
        // The tracer writes the context into its requests, so the handler must not.
        _coordinator = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = coordinator,
            Timeout = TimeSpan.FromSeconds(15),
        };
        _app = Service.Web.Create(options, options.WebPort, stores, time);
        _metrics = _app.Services.GetRequiredService<FrameworkMetrics>();
        _tracer = _app.Services.GetRequiredService<AgentTracer>();
        _database = _app.Services.GetRequiredService<DataStoreClient>();
        _log = _app.Services.GetRequiredService<ServiceLog>();
        _app.UseRouting();
        _app.Use(StrikeAsync);
        _app.MapMetrics();
        _app.MapFaults(faults);
        _app.MapGet("/health", () => new { status = "ok" });
        _app.MapGet("/api/users/{id}", (string id, HttpContext context) => QueryAsync(context, "users", $"user {id}"));
        _app.MapGet("/api/plans/{id}", (string id, HttpContext context) => QueryAsync(context, "plans", $"plan {id}"));
        _app.MapPost("/api/sessions", context => QueryAsync(context, "sessions", "session"));
        _app.MapPost("/api/plans/nutrition", context => PlanAsync(context, "npa"));
        _app.MapPost("/api/plans/workout", context => PlanAsync(context, "wpa"));
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public int Port => Address.Port;

    public static async Task<WebApiHost> StartAsync(
        FrameworkOptions options, Uri coordinator, FaultSwitches faults, DataStoreSimulation stores, Random random, TimeProvider time)
    {
        var web = new WebApiHost(options, coordinator, faults, stores, random, time);
        await web._app.StartAsync();
        web.Address = new Uri($"http://{options.Host}:{Listener.PortOf(web._app)}");
        stores.ConnectionsChanged = web._metrics.SetDatabaseConnections;
        web.UserCountChanged(0);
        return web;
    }

    public void UserCame() => UserCountChanged(Interlocked.Increment(ref _users));

    public void UserWent() => UserCountChanged(Interlocked.Decrement(ref _users));

    public async ValueTask DisposeAsync()
    {
        _stores.ConnectionsChanged = null;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _coordinator.Dispose();
    }

    private void UserCountChanged(int users) => _metrics.SetActiveUsers(users, Environment);

    /// <summary>What the fault of errors does to every request of the API itself.</summary>
    private async Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        if (_faults.IsOn(Fault.ServerErrors) && context.Request.Path.StartsWithSegments("/api") && _dice.Chance(0.33))
        {
            _log.Error("request failed", ("error_details", "injected fault"));
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        await next(context);
    }

    private async Task QueryAsync(HttpContext context, string table, string what)
    {
        await _database.AskAsync(DataStore.Redis, "GET", "session", "GET session:?", context.RequestAborted);
        if (!await TryAskAsync(context, "SELECT", table, $"SELECT * FROM {table} WHERE id = $1"))
        {
            return;
        }
        if (_dice.Chance(UnexplainedErrors))
        {
            _log.Error("request failed", ("error_details", "serialization conflict"));
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        _log.Info("request served", ("user_action", "read"), ("action", what), ("user_id", UserId(context)));
        await context.Response.WriteAsJsonAsync(new { what }, context.RequestAborted);
    }

    private async Task PlanAsync(HttpContext context, string agent)
    {
        if (!await TryAskAsync(context, "SELECT", "users", "SELECT * FROM users WHERE id = $1"))
        {
            return;
        }
        await AskCoordinatorAsync(context, _dice.Chance(0.2) ? "both" : agent);
        _log.Info("plan asked for", ("user_action", "plan"), ("action", agent), ("user_id", UserId(context)));
    }

    private async Task AskCoordinatorAsync(HttpContext context, string plan)
    {
        using var sending = _tracer.StartSend(new AgentCommunication("web", "mca", "coordinate") { DataSize = 0, ServerAddress = _coordinatorAddress });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/coordinate?plan={plan}");
        sending.Inject(request.Headers);
        try
        {
            using var response = await _coordinator.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = response.IsSuccessStatusCode
                ? StatusCodes.Status201Created : StatusCodes.Status502BadGateway;
            if (!response.IsSuccessStatusCode)
            {
                sending.Fail("coordination", $"mca answered {(int)response.StatusCode}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            sending.Fail(e, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
    }

    /// <returns>False where the database could not be asked; the answer then says so.</returns>
    private async Task<bool> TryAskAsync(HttpContext context, string operation, string table, string text)
    {
        try
        {
            await _database.AskAsync(DataStore.Postgres, operation, table, text, context.RequestAborted);
            return true;
        }
        catch (DataStoreException e)
        {
            _log.Error("database connection error", ("error_details", e.Message));
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return false;
        }
    }

    private static string UserId(HttpContext context) => context.Request.Headers["x-user-id"].ToString();
}
