using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery;

/// <summary>Runs discoveries for somebody else than a scrape job, and tells all that they have found together.</summary>
/// <remarks>Thread-safe. Nothing runs before <see cref="Start"/>. A discovery that fails keeps its last groups.</remarks>
public sealed class DiscoverySet : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<DiscoveryOptions> _options;
    private readonly DiscoveryContext _context;
    private readonly Action<IReadOnlyList<TargetGroup>> _changed;
    private readonly IReadOnlyList<TargetGroup>[] _groups;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <param name="name">What the discoveries are for, in metrics and log lines.</param>
    /// <param name="readYamlTargets">Reads .yml and .yaml target files.</param>
    /// <param name="changed">Takes the whole of what is known, one call at a time.</param>
    /// <param name="consumer">For whom it is, in metrics.</param>
    public DiscoverySet(string name, IReadOnlyList<DiscoveryOptions> options, TargetFileReader readYamlTargets,
        Action<IReadOnlyList<TargetGroup>> changed, TimeProvider time, ILogger logger, Meter meter, string consumer = "notify")
    {
        _options = options;
        _context = new DiscoveryContext(name, time, logger, new DiscoveryMetrics(meter, consumer), readYamlTargets);
        _changed = changed;
        _groups = [.. options.Select(IReadOnlyList<TargetGroup> (_) => [])];
    }

    public void Start() => _running = Task.WhenAll(_options.Select(RunAsync).ToArray());

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>Whether two lists make the same discoveries, so that a reload may leave them alone.</summary>
    public static bool Same(IReadOnlyList<DiscoveryOptions> one, IReadOnlyList<DiscoveryOptions> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => pair.First.SameAs(pair.Second));

    private async Task RunAsync(DiscoveryOptions options, int index)
    {
        try
        {
            await options.Create(_context).RunAsync(groups => Publish(index, groups), _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            _context.Metrics.Failed.Add(1);
            _context.Logger.LogError(fault, "{Owner}: {Kind} discovery has failed; its last targets stay", _context.Job, options.Kind);
        }
    }

    private void Publish(int index, IReadOnlyList<TargetGroup> groups)
    {
        _context.Metrics.Received();
        lock (_gate)
        {
            _groups[index] = groups;
            if (!_stopping.IsCancellationRequested)
            {
                _changed([.. _groups.SelectMany(found => found)]);
            }
        }
        _context.Metrics.Updated();
    }
}
