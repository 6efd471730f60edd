using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Server.Configuration.Prometheus;

namespace Pharos.Server.Forwarding;

/// <summary>Sends the alerts of the rules on to the Alertmanagers that prometheus.yml names.</summary>
/// <remarks>Thread-safe for sending and reading; <see cref="ApplyAsync"/> and <see cref="DisposeAsync"/> are called one at a time.</remarks>
internal sealed class AlertForwarder : IAsyncDisposable
{
    /// <summary>How long what waits may still be sent when the server stops, which has ten seconds for everything.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(4);

    private readonly ForwardingContext _context;
    private volatile AlertmanagerSet[] _sets = [];
    private volatile bool _routesItself = true;

    public AlertForwarder(Func<AlertForwarder, ForwardingContext> context) => _context = context(this);

    /// <summary>By which this server knows its own requests.</summary>
    public string Sender => _context.Sender;

    public IReadOnlyList<AlertmanagerSet> Sets => _sets;

    public IEnumerable<AlertmanagerQueue> Queues => _sets.SelectMany(set => set.Queues);

    public IEnumerable<string> Active => Queues.Select(queue => queue.Url);

    public IEnumerable<string> Dropped => _sets.SelectMany(set => set.Addresses.Dropped);

    /// <summary>Whether alerts are routed in this process as well: always, but where only others are named.</summary>
    public bool RoutesItself => _routesItself;

    public int Discovered => Queues.Count() + (_routesItself ? 1 : 0);

    /// <summary>Makes these the Alertmanagers at work. A set that has not changed keeps what it has found and what waits.</summary>
    public async Task ApplyAsync(IReadOnlyList<AlertmanagerSetOptions> sets, bool hasRoutes)
    {
        var older = _sets.ToList();
        var next = new List<AlertmanagerSet>();
        foreach (var options in sets)
        {
            if (older.Find(set => set.Options.SameAs(options)) is { } same)
            {
                older.Remove(same);
                next.Add(same);
                continue;
            }
            try
            {
                next.Add(new AlertmanagerSet(options, $"config-{next.Count}", _context));
            }
            catch (Exception e)
            {
                _context.Logger.LogError(e, "Alertmanagers cannot be reached as their section says; the others are");
            }
        }
        _sets = [.. next];
        _routesItself = hasRoutes || sets.Count == 0;
        await StopAsync(older);
    }

    public void Send(IReadOnlyList<Alert> alerts)
    {
        foreach (var set in _sets)
        {
            set.Send(alerts);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(Interlocked.Exchange(ref _sets, []));

    private Task StopAsync(IEnumerable<AlertmanagerSet> sets)
    {
        var patience = _context.Limits.DrainOnShutdown ? DrainPatience : TimeSpan.Zero;
        return Task.WhenAll(sets.Select(set => set.StopAsync(patience).AsTask()));
    }
}
