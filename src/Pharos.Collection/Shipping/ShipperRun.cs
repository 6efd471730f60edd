using Microsoft.Extensions.Logging;
using Pharos.Collection.Discovery;
using Pharos.Collection.Shipping.Clients;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Stages.Flow;
using Pharos.Collection.Shipping.Stages.Measuring;
using Pharos.Collection.Shipping.Targets;

namespace Pharos.Collection.Shipping;

/// <summary>One configuration at work.</summary>
/// <remarks>Each client reads each file for itself and has its own positions: one that is stuck holds up no other, and the files themselves
/// are its queue.</remarks>
internal sealed class ShipperRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<DiscoverySet> _discoveries = [];
    private readonly List<(JobTargets Targets, List<JobShipping> Shipping)> _jobs = [];
    private readonly List<(string Job, SourceRun Run)> _sources = [];
    private readonly List<PushSink> _pushSinks = [];
    private readonly List<Task> _flows = [];
    private readonly ShipContext _context;
    private readonly ShipperSurroundings _surroundings;

    public ShipperRun(ShipperOptions options, ShipperSurroundings surroundings, ShipMetrics metrics, StageMetrics stageMetrics)
    {
        _surroundings = surroundings;
        var limits = options.Limits;
        _context = new ShipContext(
            options, surroundings.Time, surroundings.Logger, metrics, stageMetrics,
            limits.LinesPerSecond is { } rate ? new TokenBucket(rate, limits.LineBurst, surroundings.Time) : null,
            new PositionsFile(options.PositionsFile, options.Clients.Count), surroundings.PushHost);
        var sinks = options.Clients.Select(SinkOf).ToList();
        foreach (var job in options.Jobs)
        {
            var targets = new JobTargets(job, surroundings.Host);
            _jobs.Add((targets, [.. sinks.Select(sink => new JobShipping(_context, targets, sink))]));
            _sources.AddRange(job.Sources.Select(source => (job.JobName, new SourceRun(_context, job, source, sinks))));
            _discoveries.Add(new DiscoverySet($"ship/{job.JobName}", job.Discoveries, surroundings.ReadYamlTargets, targets.Publish,
                surroundings.Time, surroundings.Logger, surroundings.Meter, "ship"));
        }
    }

    public IReadOnlyList<ShippedJob> Jobs =>
    [
        .. _jobs.Select(job => new ShippedJob(
            job.Targets.Job.JobName, [.. job.Targets.Targets.Select(static target => (target.Pattern, target.Labels))],
            [.. job.Shipping.SelectMany(static shipping => shipping.Files())], job.Targets.Dropped,
            [.. _sources.Where(source => source.Job == job.Targets.Job.JobName).Select(static source => (source.Run.Kind, source.Run.Fault))])),
    ];

    public void Start()
    {
        foreach (var discovery in _discoveries)
        {
            discovery.Start();
        }
        _flows.AddRange(_jobs.SelectMany(static job => job.Shipping).Select(shipping => Task.Run(() => shipping.RunAsync(_stopping.Token))));
        _flows.AddRange(_sources.Select(source => Task.Run(() => source.Run.RunAsync(_stopping.Token))));
        _flows.Add(Task.Run(SavePositionsAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var discovery in _discoveries)
        {
            await discovery.DisposeAsync().ConfigureAwait(false);
        }
        await Task.WhenAll(_flows).ConfigureAwait(false);
        foreach (var sink in _pushSinks)
        {
            await sink.DisposeAsync().ConfigureAwait(false);
        }
        _stopping.Dispose();
    }

    private IShipSink SinkOf(ShipClientOptions client)
    {
        if (client.Url is null)
        {
            return new StoreSink(_surroundings.Intake, client, _context.Metrics, _context.Time, _context.Logger);
        }
        var sink = new PushSink(client, _surroundings.Intake.Store, _context.Metrics, _context.Time, _context.Logger);
        _pushSinks.Add(sink);
        return sink;
    }

    private async Task SavePositionsAsync()
    {
        var complained = false;
        for (var ends = false; !ends;)
        {
            try
            {
                await Task.Delay(_context.Options.PositionsSyncPeriod, _context.Time, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                ends = true;
            }
            try
            {
                _context.Positions.Save();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!complained)
                {
                    complained = true;
                    _context.Logger.LogWarning("Positions are not written to {File}: {Reason}; they are kept with the lines all the same",
                        _context.Options.PositionsFile, e.Message);
                }
            }
        }
    }
}
