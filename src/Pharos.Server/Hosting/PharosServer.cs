using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Pharos.Server.Api.Prometheus.Notifications;
using Pharos.Server.Hosting.Ports;
using Pharos.Server.Security;
using Pharos.Server.Traces;

namespace Pharos.Server.Hosting;

/// <summary>One running server: stores, collection, rules, alerting, and the HTTP port in front of them.</summary>
/// <remarks>Everything hangs off the instance; several can run in one process.</remarks>
public sealed class PharosServer : IAsyncDisposable
{
    private readonly PharosServerOptions _options;
    private readonly ServerParts _parts;
    private readonly Reloader _reloader;
    private readonly WebApplication _app;
    private readonly WebAccess? _access;
    private readonly TaskCompletionSource _quit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoReloader? _autoReloader;
    private readonly CancellationTokenSource _stopping = new();
    private volatile FrozenDictionary<int, PortRole> _roles = FrozenDictionary<int, PortRole>.Empty;
    private UdpListeners? _udp;
    private volatile bool _ready;
    private int _disposed;

    private PharosServer(PharosServerOptions options, Func<ConfigurationLoad> load, ServerParts parts, WebParts web)
    {
        _options = options;
        _parts = parts;
        _reloader = new Reloader(load, ApplyAsync, options.Report, options.Time, parts.Logger, parts.Meter) { Notices = parts.Notices };
        _autoReloader = options.AutoReloadInterval is { } interval && interval > TimeSpan.Zero
            ? new AutoReloader(_reloader, interval, options.Time, parts.Logger) : null;
        (Listen, _access, _app) = web;
        var endpoints = new ServerEndpoints(options, parts, _reloader, () => _ready, () => _quit.TrySetResult(), () => BaseAddress, _stopping.Token);
        endpoints.Map(_app, _access, localPort => _roles.GetValueOrDefault(localPort));
    }

    /// <summary>Where the first address is reached, without the route prefix; known once the server has started.</summary>
    public Uri BaseAddress => Addresses[0];

    /// <summary>Every address, in the order of the options, the familiar ports last.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [new("http://127.0.0.1:9090")];

    /// <summary>Where datagrams with spans are taken: Thrift's compact protocol first.</summary>
    public IReadOnlyList<IPEndPoint> UdpAddresses => _udp?.EndPoints ?? [];

    /// <summary>Ends when a client has asked the server to quit.</summary>
    public Task QuitRequested => _quit.Task;

    /// <summary>For tests that put samples or alerts in without a client.</summary>
    internal ServerParts Parts => _parts;

    /// <summary>Everything that is mapped, for the test that compares it with the API's description.</summary>
    internal IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Routes =>
        ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints);

    private IReadOnlyList<ListenAddress> Listen { get; }

    /// <summary>Reads the configuration, opens the stores, listens, and then begins to collect.</summary>
    /// <exception cref="ServerStartException">A file is wrong, data cannot be opened or a port is taken.</exception>
    public static Task<PharosServer> StartAsync(PharosServerOptions options, CancellationToken cancellation) =>
        StartAsync(options, new ConfigurationLoader(options).Load, cancellation);

    internal static async Task<PharosServer> StartAsync(
        PharosServerOptions options, Func<ConfigurationLoad> load, CancellationToken cancellation)
    {
        // What needs nothing of each other is made ready side by side: stores, HTTP host, configuration.
        var firstLoad = Task.Run(load, CancellationToken.None);
        var opening = Task.Run(() => ServerParts.Open(options), CancellationToken.None);
        var web = Task.Run(() => WebParts.Build(options), CancellationToken.None);
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)web).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        PharosServer server;
        try
        {
            server = new PharosServer(options, LoadFrom(firstLoad, load), await opening, await web);
        }
        catch
        {
            if (opening.IsCompletedSuccessfully)
            {
                await opening.Result.DisposeAsync();
            }
            if (web.IsCompletedSuccessfully)
            {
                await web.Result.DisposeAsync();
            }
            throw;
        }
        try
        {
            await HttpHost.StartAsync(server._app, server.Listen, cancellation);
            server.Addresses = HttpHost.Bound(server._app);
            server._roles = server.Listen.Zip(server.Addresses).DistinctBy(static bound => bound.Second.Port)
                .ToFrozenDictionary(static bound => bound.Second.Port, static bound => bound.First.Role);
            var errors = await server._reloader.ReloadAsync(cancellation);
            if (errors.Count > 0)
            {
                throw new ServerStartException(string.Join('\n', errors));
            }
            server._autoReloader?.Start();
            server._udp = await UdpListeners.OpenAsync(options, server._parts);
            server._ready = true;
            if (options.RehearsesQueries)
            {
                server._parts.Rehearsal.Start();
            }
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads every file again.</summary>
    /// <returns>What is wrong with them, file, line and reason; where there is anything, the old configuration stays.</returns>
    public Task<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellation) => _reloader.ReloadAsync(cancellation);

    /// <summary>Stops taking anything in, lets requests end, and writes out what is in memory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        _ready = false;
        _parts.Notices.Raise(ServerNotices.ShuttingDown);
        await _stopping.CancelAsync();
        if (_autoReloader is not null)
        {
            await _autoReloader.DisposeAsync();
        }
        await _parts.StopIntakeAsync();
        if (_udp is not null)
        {
            await _udp.DisposeAsync();
        }
        try
        {
            await _app.StopAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            _parts.Logger.LogWarning("Some requests did not end in time and were cut off");
        }
        await _app.DisposeAsync();
        await _parts.DisposeAsync();
        _reloader.Dispose();
        _stopping.Dispose();
        _access?.Dispose();
    }

    private Task ApplyAsync(ConfigurationSnapshot configuration, CancellationToken cancellation) =>
        _parts.ApplyAsync(configuration, ServerEndpoints.ExternalUrl(_options, BaseAddress), cancellation);

    /// <summary>The configuration that was read while the stores were opened, and from then on what the files say.</summary>
    private static Func<ConfigurationLoad> LoadFrom(Task<ConfigurationLoad> first, Func<ConfigurationLoad> load) =>
        () => Interlocked.Exchange(ref first!, null) is { } read ? read.GetAwaiter().GetResult() : load();
}
