using Pharos.Instrumentation;
using Pharos.Instrumentation.Exposition;
using Pharos.Instrumentation.Metrics;
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

    private readonly FrameworkMetrics _metrics = new();
    private readonly ProcessMetrics _process = new();
    private readonly PrometheusExporter _exporter;
    private readonly WebApplication _app;
    private readonly FaultSwitches _faults;
    private readonly Dice _dice;
    private readonly JsonLog _log;
    private readonly TimeProvider _time;
    private readonly HttpClient _coordinator;
    private readonly DataStoreSimulation _stores;
    private int _users;

    private WebApiHost(
        FrameworkOptions options, Uri coordinator, FaultSwitches faults, DataStoreSimulation stores, Random random, JsonLog log,
        TimeProvider time)
    {
        _faults = faults;
        _stores = stores;
        _dice = new Dice(random);
        _log = log;
        _time = time;
        _coordinator = new HttpClient { BaseAddress = coordinator, Timeout = TimeSpan.FromSeconds(15) };
        _exporter = new PrometheusExporter(_metrics.Meter, _process.Meter);
        _app = Listener.Create(options.Host, options.WebPort);
        _app.UseRouting();
        _app.UseHttpMetrics(_metrics);
        _app.Use(StrikeAsync);
        _app.MapMetrics(_exporter);
        _app.MapFaults(faults);
        _app.MapGet("/health", () => new { status = "ok" });
        _app.MapGet("/api/users/{id}", (string id, HttpContext context) => QueryAsync(context, $"user {id}"));
        _app.MapGet("/api/plans/{id}", (string id, HttpContext context) => QueryAsync(context, $"plan {id}"));
        _app.MapPost("/api/sessions", context => QueryAsync(context, "session"));
        _app.MapPost("/api/plans/nutrition", context => PlanAsync(context, "npa"));
        _app.MapPost("/api/plans/workout", context => PlanAsync(context, "wpa"));
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public int Port => Address.Port;

    public static async Task<WebApiHost> StartAsync(
        FrameworkOptions options, Uri coordinator, FaultSwitches faults, DataStoreSimulation stores, Random random, JsonLog log,
        TimeProvider time)
    {
        var web = new WebApiHost(options, coordinator, faults, stores, random, log, time);
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
        _exporter.Dispose();
        _metrics.Dispose();
        _process.Dispose();
    }

    private void UserCountChanged(int users) => _metrics.SetActiveUsers(users, Environment);

    /// <summary>What the faults do to every request of the API itself.</summary>
    private async Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            if (_faults.IsOn(Fault.SlowResponses))
            {
                await Task.Delay(TimeSpan.FromSeconds(_dice.Between(2, 4)), _time, context.RequestAborted);
            }
            if (_faults.IsOn(Fault.ServerErrors) && _dice.Chance(0.33))
            {
                _log.Error("request failed", ("trace_id", TraceId(context)), ("error_details", "injected fault"));
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            }
        }
        await next(context);
    }

    private async Task QueryAsync(HttpContext context, string what)
    {
        using var connection = _stores.TryOpenConnection();
        if (connection is null)
        {
            _log.Error("database connection error", ("trace_id", TraceId(context)), ("error_details", "connection refused"));
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        await Task.Delay(_dice.LogNormal(0.03, 0.8, 2), _time, context.RequestAborted);
        if (_dice.Chance(UnexplainedErrors))
        {
            _log.Error("request failed", ("trace_id", TraceId(context)), ("error_details", "serialization conflict"));
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        _log.Info("request served", ("user_action", "read"), ("action", what), ("user_id", UserId(context)),
            ("trace_id", TraceId(context)));
        await context.Response.WriteAsJsonAsync(new { what }, context.RequestAborted);
    }

    private async Task PlanAsync(HttpContext context, string agent)
    {
        using var connection = _stores.TryOpenConnection();
        if (connection is null)
        {
            _log.Error("database connection error", ("trace_id", TraceId(context)), ("error_details", "connection refused"));
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/coordinate?plan={(_dice.Chance(0.2) ? "both" : agent)}");
        request.Headers.Add("x-trace-id", TraceId(context));
        try
        {
            using var response = await _coordinator.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = response.IsSuccessStatusCode
                ? StatusCodes.Status201Created : StatusCodes.Status502BadGateway;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
        _log.Info("plan asked for", ("user_action", "plan"), ("action", agent), ("user_id", UserId(context)),
            ("trace_id", TraceId(context)));
    }

    private static string TraceId(HttpContext context) => context.Request.Headers["x-trace-id"].ToString();

    private static string UserId(HttpContext context) => context.Request.Headers["x-user-id"].ToString();
}
