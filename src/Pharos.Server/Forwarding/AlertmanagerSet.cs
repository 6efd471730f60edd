using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Collection.Discovery;
using Pharos.Server.Configuration.Prometheus;

namespace Pharos.Server.Forwarding;

/// <summary>One entry of <c>alerting.alertmanagers</c> at work: it finds its Alertmanagers and keeps a queue for each.</summary>
/// <remarks>Thread-safe: the queues are replaced as a whole. Owns its client.</remarks>
internal sealed class AlertmanagerSet : IAsyncDisposable
{
    private readonly ForwardingContext _context;
    private readonly HttpClient _client;
    private readonly DiscoverySet _discoveries;
    private readonly List<Task> _retiring = [];
    private volatile AlertmanagerQueue[] _queues = [];
    private volatile AlertmanagerAddresses _addresses = AlertmanagerAddresses.None;

    public AlertmanagerSet(AlertmanagerSetOptions options, string name, ForwardingContext context)
    {
        Options = options;
        _context = context;
        _client = options.CreateHttpClient();
        _discoveries = new DiscoverySet(
            name, options.Discoveries, context.ReadYamlTargets, Sync, context.Time, context.Logger, context.Meter);
        _discoveries.Start();
    }

    public AlertmanagerSetOptions Options { get; }

    public IReadOnlyList<AlertmanagerQueue> Queues => _queues;

    public AlertmanagerAddresses Addresses => _addresses;

    public void Send(IReadOnlyList<Alert> alerts)
    {
        alerts = AlertLabels.Relabel(Options.AlertRelabelRules, alerts);
        foreach (var queue in _queues)
        {
            queue.Add(alerts);
        }
    }

    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    public async ValueTask StopAsync(TimeSpan patience)
    {
        await _discoveries.DisposeAsync();
        await Task.WhenAll([.. _retiring, .. _queues.Select(queue => queue.StopAsync(patience))]);
        _client.Dispose();
    }

    /// <summary>Called by one discovery at a time. A queue whose address is still there goes on undisturbed.</summary>
    private void Sync(IReadOnlyList<TargetGroup> groups)
    {
        var found = AlertmanagerAddresses.Of(Options, groups);
        foreach (var fault in found.Faults)
        {
            _context.Logger.LogError("Creating discovered Alertmanagers failed: {Fault}", fault);
        }
        var older = _queues.ToDictionary(queue => queue.Url, StringComparer.Ordinal);
        var queues = new List<AlertmanagerQueue>();
        foreach (var url in found.Active)
        {
            queues.Add(older.Remove(url, out var known) ? known : new AlertmanagerQueue(url, _client, Options.Timeout, _context));
        }
        _queues = [.. queues];
        _addresses = found;
        _retiring.RemoveAll(static task => task.IsCompleted);
        // What was meant for an Alertmanager that is no longer found gets one more request's time.
        _retiring.AddRange(older.Values.Select(queue => queue.StopAsync(_context.Limits.DrainOnShutdown ? Options.Timeout : TimeSpan.Zero)));
    }
}
